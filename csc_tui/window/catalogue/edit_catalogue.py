"""What can be done to the catalogue from the window: ask, show what follows, do it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from csc_tui.base.context import Context
from csc_tui.base.text import clean
from csc_tui.core.catalogue import actions as catalogue_actions
from csc_tui.core.catalogue import queries as catalogue_queries
from csc_tui.core.catalogue import resources
from csc_tui.core.catalogue import rules as catalogue_rules
from csc_tui.core.catalogue.queries import Entry
from csc_tui.window.catalogue import course_rules
from csc_tui.window.dialogs.form import Answers, Field, among, missing, one_of, whole_number
from csc_tui.window.dialogs.menu import Menu
from csc_tui.window.evaluation import questions
from csc_tui.window.shared import changes as shared_changes
from csc_tui.window.shared import proposal
from csc_tui.window.shared.proposal import Proposal
from csc_tui.window.shared.screen import Found, LiveScreen
from csc_tui.window.widgets.drawing import Pieces
from csc_tui.window.widgets.glyphs import glyphs
from db.errors import WrongUse
from db.records.calendar import Change
from db.records.catalogue import Module, Resource, ResourceKind, Strand
from db.records.first_picture import Role

LENGTHS = "such as 3h, 3:30 or 90"
NO_LENGTH = shared_changes.breaks(catalogue_rules.parse_minutes, "no such length")


async def choose(screen: LiveScreen[Found], entry: Entry) -> None:
    """Choose what to do to a course, and do it."""
    ctx, course = screen.ctx, entry.course
    coordinator = Role.COORDINATOR
    retired = "" if course.active else f"{course.code} is retired; run it again first."

    deeds = [
        shared_changes.deed(ctx, "t", "Title and texts", "Title, description, whom it is for", coordinator,
                      partial(texts, screen, entry)),
        shared_changes.deed(ctx, "p", "Places", f"{course.capacity} places, needs {course.minimum}", coordinator,
                      partial(numbers, screen, entry)),
        shared_changes.deed(ctx, "a", "Add a module", "Behind the others", coordinator,
                      partial(add_module, screen, entry)),
        shared_changes.deed(ctx, "l", "Add a link or document", "It goes along with the invitations", coordinator,
                      partial(add_resource, screen, entry)),
        shared_changes.deed(ctx, "q", "Questions", "What it asks of those who were there", coordinator,
                      partial(questions.edit, screen, course.code)),
        shared_changes.deed(ctx, "r", "Rules", "Approval, waiting list, cut-offs, audience", coordinator,
                      partial(course_rules.change, screen, course.code), retired),
        shared_changes.deed(ctx, "s", "Strand", f"Now {course.strand}", coordinator, partial(move, screen, entry)),
        shared_changes.deed(ctx, "x", "Retire", "Nothing new is planned; what was stays", coordinator,
                      partial(retire, screen, entry))
        if course.active
        else shared_changes.deed(ctx, "x", "Run it again", "It can be planned and booked again", coordinator,
                           partial(bring_back, screen, entry)),
    ]  # fmt: skip
    chosen = await screen.app.push_screen_wait(Menu(f"Change {course.code}", deeds))
    if chosen is not None:
        await chosen.do()


async def new_course(screen: LiveScreen[Found], strand: str) -> None:
    fields = (
        Field("strand", "Strand", strand, "its code or name", missing),
        Field("code", "Code", "", "such as BR: references begin so", missing),
        Field("title", "Title", fault=missing),
        Field(
            "modules",
            "Modules",
            "",
            "such as Day 1 7h, Day 2 7h",
            shared_changes.breaks(catalogue_rules.parse_modules, "title and length of each"),
        ),
        Field("audience", "For whom", "", "may be empty"),
        Field("capacity", "Places", "20", "of each event", shared_changes.NO_NUMBER),
        Field("minimum", "People needed", "0", "0: no minimum", shared_changes.NO_NUMBER),
        Field("question", "Impact question", "", "empty: has supported my practice"),
    )

    def propose(answers: Answers) -> Proposal[list[Change]]:
        modules = catalogue_rules.parse_modules(answers["modules"])
        places = whole_number(answers["capacity"], "The number of places")
        needed = whole_number(answers["minimum"], "The number of people needed")
        code = answers["code"].upper()
        return shared_changes.proposal_of(
            f"Add the course {code}?",
            lambda ctx: catalogue_actions.add_course(
                ctx, answers["strand"], code, answers["title"], modules, audience=answers["audience"],
                capacity=places, minimum=needed, impact_question=answers["question"],
            ),
            f"{code} is in the catalogue.",
        )  # fmt: skip

    await proposal.ask_form(screen, "A new course", fields, propose)


async def texts(screen: LiveScreen[Found], entry: Entry) -> None:
    code = entry.course.code

    def fields() -> list[Field]:
        course = catalogue_queries.one(screen.ctx, code).course
        return [
            Field("title", "Title", course.title, fault=missing),
            Field("audience", "For whom", course.audience),
            Field("description", "Description", course.description),
        ]

    await proposal.fill_in(
        screen,
        f"Title and texts of {code}",
        fields,
        lambda answers, now: _changing(code, partial(_write_texts, code, shared_changes.typed_anew(now, answers))),
        explanation="Events that are planned keep the title they have.",
    )


def _write_texts(code: str, anew: Mapping[str, str | None], ctx: Context) -> list[Change]:
    return catalogue_actions.change_course(
        ctx, code, title=anew["title"], audience=anew["audience"], description=anew["description"]
    )


async def numbers(screen: LiveScreen[Found], entry: Entry) -> None:
    code = entry.course.code

    def fields() -> list[Field]:
        course = catalogue_queries.one(screen.ctx, code).course
        return [
            Field(
                "capacity", "Places", str(course.capacity), "of events planned from now on", shared_changes.NO_NUMBER
            ),
            Field("minimum", "People needed", str(course.minimum), "0: no minimum", shared_changes.NO_NUMBER),
        ]

    def propose(answers: Answers, _: Sequence[Field]) -> Proposal[list[Change]]:
        places = whole_number(answers["capacity"], "The number of places")
        needed = whole_number(answers["minimum"], "The number of people needed")
        return _changing(code, lambda ctx: catalogue_actions.change_course(ctx, code, capacity=places, minimum=needed))

    await proposal.fill_in(
        screen, f"Places of {code}", fields, propose, explanation="Events that are planned keep their places."
    )


async def move(screen: LiveScreen[Found], entry: Entry) -> None:
    code = entry.course.code

    def fields() -> list[Field]:
        return [
            Field(
                "strand", "Strand", catalogue_queries.one(screen.ctx, code).course.strand, "its code or name", missing
            )
        ]

    await proposal.fill_in(
        screen,
        f"Which strand does {code} belong to?",
        fields,
        lambda answers, _: _changing(
            code, lambda ctx: catalogue_actions.change_course(ctx, code, strand=answers["strand"])
        ),
    )


async def retire(screen: LiveScreen[Found], entry: Entry) -> None:
    code = entry.course.code
    await proposal.put(
        screen,
        shared_changes.proposal_of(
            f"Retire {code}?",
            lambda ctx: [catalogue_actions.retire(ctx, code)],
            f"{code} is retired. t shows the retired courses.",
            warning="No new events of it can be planned. Its events, completions and figures stay.",
        ),
    )


async def bring_back(screen: LiveScreen[Found], entry: Entry) -> None:
    code = entry.course.code
    await proposal.put(screen, _changing(code, lambda ctx: [catalogue_actions.bring_back(ctx, code)], "Run it again?"))


async def add_module(screen: LiveScreen[Found], entry: Entry) -> None:
    code = entry.course.code
    fields = (Field("title", "Title", fault=missing), Field("length", "How long", "", LENGTHS, NO_LENGTH))

    def propose(answers: Answers) -> Proposal[list[Change]]:
        minutes = catalogue_rules.parse_minutes(answers["length"])
        return _changing(code, lambda ctx: catalogue_actions.add_module(ctx, code, answers["title"], minutes))

    explanation = "Events that are planned get no session for it; who completed the course before lacks it then."
    await proposal.ask_form(screen, f"Another module of {code}", fields, propose, explanation)


async def change_module(screen: LiveScreen[Found], entry: Entry, module: Module) -> None:
    code = entry.course.code
    position = module.position

    def fields() -> list[Field]:
        nonlocal position
        modules = catalogue_queries.one(screen.ctx, code).modules
        now = proposal.still((each for each in modules if each.id == module.id), f"{module.title} in {code}")
        position = now.position
        return [
            Field("title", "Title", now.title, fault=missing),
            Field("length", "How long", catalogue_rules.in_hours(now.minutes), LENGTHS, NO_LENGTH),
            Field("place", "Place", str(position), f"1 to {len(modules)}", shared_changes.NO_NUMBER),
        ]

    def propose(answers: Answers, _: Sequence[Field]) -> Proposal[list[Change]]:
        minutes = catalogue_rules.parse_minutes(answers["length"])
        place = whole_number(answers["place"], "The place of a module")

        def change(ctx: Context) -> list[Change]:
            done = catalogue_actions.change_module(ctx, code, position, title=answers["title"], minutes=minutes)
            if place != position:
                done += catalogue_actions.move_module(ctx, code, position, place)
            return done

        return _changing(code, change)

    await proposal.fill_in(screen, f"Module {module.position} of {code}", fields, propose)


async def remove_module(screen: LiveScreen[Found], entry: Entry, module: Module) -> None:
    code = entry.course.code
    await proposal.put(
        screen,
        shared_changes.proposal_of(
            f"Take module {module.position} of {code} away?",
            lambda ctx: catalogue_actions.remove_module(ctx, code, module.position),
            f"{module.title} is no module of {code} any more.",
        ),
    )


async def strands(screen: LiveScreen[Found], strand: Strand | None) -> None:
    """Add a strand, or change the one the cursor is in."""
    ctx, coordinator = screen.ctx, Role.COORDINATOR
    deeds = [
        shared_changes.deed(ctx, "n", "New strand", "Behind the others", coordinator, partial(_new_strand, screen)),
    ]
    if strand is not None:
        deeds += [
            shared_changes.deed(ctx, "r", "Rename", f"{strand.code}: {strand.name}", coordinator,
                          partial(_rename_strand, screen, strand)),
            shared_changes.deed(ctx, "x", "Retire", f"Every course of {strand.name}; an empty strand goes", coordinator,
                          partial(_retire_strand, screen, strand)),
        ]  # fmt: skip
    chosen = await screen.app.push_screen_wait(Menu("Strands", deeds))
    if chosen is not None:
        await chosen.do()


async def _new_strand(screen: LiveScreen[Found]) -> None:
    fields = (
        Field("code", "Code", "", "such as SOS", missing),
        Field("name", "Name", "", "such as Signs of Safety", missing),
        Field("description", "Description", "", "may be empty"),
    )
    await proposal.ask_form(
        screen,
        "A new strand",
        fields,
        lambda answers: shared_changes.proposal_of(
            "Add this strand?",
            lambda ctx: [
                catalogue_actions.add_strand(ctx, answers["code"], answers["name"], description=answers["description"])
            ],
            f"{answers['name']} is in the catalogue. n adds a course to it.",
        ),
    )


async def _rename_strand(screen: LiveScreen[Found], strand: Strand) -> None:
    def fields() -> list[Field]:
        found = catalogue_queries.catalogue(screen.ctx).strands
        now = proposal.still((each for each in found if each.id == strand.id), strand.name)
        return [Field("name", "Name", now.name, fault=missing), Field("description", "Description", now.description)]

    def propose(answers: Answers, now: Sequence[Field]) -> Proposal[list[Change]]:
        anew = shared_changes.typed_anew(now, answers)
        return _changing(
            strand.code,
            lambda ctx: catalogue_actions.change_strand(
                ctx, strand.code, name=anew["name"], description=anew["description"]
            ),
        )

    await proposal.fill_in(screen, f"The strand {strand.code}", fields, propose)


async def _retire_strand(screen: LiveScreen[Found], strand: Strand) -> None:
    await proposal.put(
        screen,
        shared_changes.proposal_of(
            f"Retire {strand.name}?",
            lambda ctx: catalogue_actions.retire_strand(ctx, strand.code),
            f"{strand.name} is retired.",
            warning="Its events, completions and figures stay; t shows the retired courses.",
        ),
    )


async def resource(screen: LiveScreen[Found], entry: Entry, chosen: Resource) -> None:
    """Say where a resource is, and what can be done with it."""
    ctx, coordinator = screen.ctx, Role.COORDINATOR

    async def copy() -> None:
        copy_address(screen, chosen)

    nowhere = "" if chosen.address else "It has no address yet; change it and give one."
    deeds = [
        shared_changes.deed(ctx, "c", "Copy the address", "To paste it into a browser", Role.VIEWER, copy, nowhere),
        shared_changes.deed(ctx, "e", "Change", "Title, address or edition", coordinator,
                      partial(_change_resource, screen, chosen)),
        shared_changes.deed(ctx, "x", "Take it away", "What it was stays in the history", coordinator,
                      partial(remove_resource, screen, chosen)),
    ]  # fmt: skip
    of = f"of the course {chosen.course}" if chosen.course else f"of the strand {chosen.strand}: every course has it"
    menu = Menu(
        chosen.title, deeds, explanation=f"{chosen.address or 'No address yet'}{glyphs().between}{of}",
        link=chosen.web_address,
    )  # fmt: skip
    picked = await screen.app.push_screen_wait(menu)
    if picked is not None:
        await picked.do()


def copy_address(screen: LiveScreen[Found], chosen: Resource) -> None:
    """Put the address of a resource on the clipboard of whoever sits at the terminal."""
    if not chosen.address:
        screen.say(f"{chosen.title} has no address yet; e changes it.", warning=True)
        return
    screen.app.copy_to_clipboard(clean(chosen.address))
    screen.say(f"{chosen.address} copied, if this terminal lets a program copy.")


async def add_resource(screen: LiveScreen[Found], entry: Entry) -> None:
    fields = (
        Field("title", "Title", fault=missing),
        Field("kind", "Kind", "link", "link or document", among("link", "document"), one_of(("link", "document"))),
        Field("address", "Where it is", "", "a web address or a path"),
        Field("edition", "Edition", "", "such as 2 or March 2017"),
        Field(
            "of",
            "Of",
            "course",
            "course, or strand for all of it",
            among("course", "strand"),
            one_of(("course", "strand")),
        ),
    )

    def propose(answers: Answers) -> Proposal[Resource]:
        kinds = {kind.value: kind for kind in ResourceKind}
        if answers["kind"].lower() not in kinds:
            raise WrongUse(f"The kind is link or document, not '{answers['kind']}'.")
        if answers["of"].lower() not in ("course", "strand"):
            raise WrongUse(f"It is of the course or of the strand, not '{answers['of']}'.")
        of_course = answers["of"].lower() == "course"

        def add(ctx: Context, _: str) -> Resource:
            made = resources.add(
                ctx, answers["title"], kinds[answers["kind"].lower()], answers["address"],
                edition=answers["edition"], course=entry.course.code if of_course else "",
                strand="" if of_course else entry.course.strand,
            )  # fmt: skip
            return replace(made, id=0)  # which number it gets is no matter of what was previewed

        return Proposal(
            f"Add this to {entry.course.code}?", add, _resource_lines, lambda made: f"{made.title} is added."
        )

    await proposal.ask_form(screen, f"Another link or document of {entry.course.code}", fields, propose)


async def _change_resource(screen: LiveScreen[Found], chosen: Resource) -> None:
    def fields() -> list[Field]:
        found = resources.everything(screen.ctx)
        now = proposal.still((each for each in found if each.id == chosen.id), chosen.title)
        return [
            Field("title", "Title", now.title, fault=missing),
            Field("address", "Where it is", now.address, "a web address or a path"),
            Field("edition", "Edition", now.edition, "such as 2 or March 2017"),
        ]

    def propose(answers: Answers, now: Sequence[Field]) -> Proposal[Resource]:
        anew = shared_changes.typed_anew(now, answers)
        if not any(text is not None for text in anew.values()):
            raise WrongUse("Nothing is different. Nothing was changed.")
        return Proposal(
            f"Change {chosen.title}?",
            lambda ctx, _: resources.change(
                ctx, chosen.id, title=anew["title"], address=anew["address"], edition=anew["edition"]
            ),
            _resource_lines,
            lambda made: f"{made.title} is changed; invitations written from now on name it so.",
        )

    await proposal.fill_in(screen, chosen.title, fields, propose)


async def remove_resource(screen: LiveScreen[Found], chosen: Resource) -> None:
    await proposal.put(
        screen,
        Proposal(
            f"Take {chosen.title} away?",
            lambda ctx, _: resources.remove(ctx, chosen.id),
            _resource_lines,
            lambda gone: f"{gone.title} is taken away.",
        ),
    )


def _resource_lines(made: Resource) -> list[Pieces]:
    edition = f"{glyphs().between}edition {made.edition}" if made.edition else ""
    return [
        [(made.title, "strong"), (f"{glyphs().between}{made.kind.value}{edition}", "plain")],
        [(made.address or "no address yet", "accent" if made.address else "warning")],
        [(f"Of the course {made.course}" if made.course else f"Of the strand {made.strand}", "muted")],
    ]


def _changing(
    code: str, run: Callable[[Context], Sequence[Change]], title: str = "", said: str = ""
) -> Proposal[list[Change]]:
    return shared_changes.proposal_of(title or f"Change {code}?", run, said or f"{code} is changed.")
