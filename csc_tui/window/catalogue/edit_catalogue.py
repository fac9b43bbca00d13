"""The menus of changes to courses, strands and resources, with their dialogs: ask, preview, confirm."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from csc_tui.base.context import Context
from csc_tui.base.text import clean_text
from csc_tui.core.catalogue import actions as catalogue_actions
from csc_tui.core.catalogue import queries as catalogue_queries
from csc_tui.core.catalogue import resources
from csc_tui.core.catalogue import rules as catalogue_rules
from csc_tui.core.catalogue.queries import CatalogueEntry
from csc_tui.window.catalogue import course_rules
from csc_tui.window.dialogs.form import (
    SHORT,
    Answers,
    FieldRefusal,
    FormField,
    filled_rule,
    suggest_one,
    typed_whole_number,
    words_rule,
)
from csc_tui.window.evaluation import questions
from csc_tui.window.shared import changes as shared_changes
from csc_tui.window.shared import flow, proposal
from csc_tui.window.shared.data_screen import DataScreen, Found, MenuAction
from csc_tui.window.shared.proposal import Proposal
from csc_tui.window.shared.remedies import word_for_window
from csc_tui.window.widgets.glyphs import glyphs
from csc_tui.window.widgets.pieces import Pieces
from db.errors import WrongUse
from db.records.calendar import FieldChange
from db.records.catalogue import Module, Resource, ResourceKind, Strand
from db.records.startup import Role

LENGTHS = "such as 3h, 3:30 or 90 minutes"
LENGTH_RULE = shared_changes.readable_rule(catalogue_rules.parse_module_length, "type a length, such as 3h or 90")


async def open_course_menu(
    screen: DataScreen[Found], entry: CatalogueEntry, *, others: Sequence[MenuAction] = ()
) -> None:
    """Ask what to change about a course, and do it; `others` are offered below what is about the course."""
    ctx, course = screen.ctx, entry.course
    retired = "" if course.active else f"{course.code} is archived. Restore it first."

    actions = [
        shared_changes.menu_action(
            ctx,
            "t",
            "Title and texts",
            "Title, description and audience",
            catalogue_actions.change_course.role,
            partial(ask_course_texts, screen, entry),
        ),
        shared_changes.menu_action(
            ctx,
            "p",
            "Places",
            f"{course.capacity} places, minimum {course.minimum}",
            catalogue_actions.change_course.role,
            partial(ask_course_places, screen, entry),
        ),
        *_additions(screen, entry),
        shared_changes.menu_action(
            ctx,
            "q",
            "Questions",
            "What its evaluation asks",
            Role.COORDINATOR,
            partial(questions.open_questions, screen, course.code),
        ),
        shared_changes.menu_action(
            ctx,
            "r",
            "Rules",
            "Approval, waiting list, deadlines, audience",
            Role.COORDINATOR,
            partial(course_rules.ask_course_rules, screen, course.code),
            retired,
        ),
        shared_changes.menu_action(
            ctx,
            "s",
            "Strand",
            f"Now {course.strand}",
            catalogue_actions.change_course.role,
            partial(ask_course_strand, screen, entry),
        ),
        shared_changes.menu_action(
            ctx,
            "x",
            "Archive",
            "No new events; past events and figures stay",
            catalogue_actions.retire_course.role,
            partial(ask_course_retirement, screen, entry),
        )
        if course.active
        else shared_changes.menu_action(
            ctx,
            "x",
            "Restore",
            "It can be planned and booked again",
            catalogue_actions.bring_back_course.role,
            partial(ask_course_return, screen, entry),
        ),
        *others,
    ]
    await flow.open_menu(screen, f"Change {course.code}", actions)


def _additions(screen: DataScreen[Found], entry: CatalogueEntry) -> list[MenuAction]:
    """Return the actions that add something to a course."""
    ctx = screen.ctx
    return [
        shared_changes.menu_action(
            ctx, "m", "Add a module", "After the others", catalogue_actions.add_module.role,
            partial(ask_new_module, screen, entry),
        ),
        shared_changes.menu_action(
            ctx, "l", "Add a link or document", "It is sent with the invitations", resources.add_resource.role,
            partial(ask_new_resource, screen, entry),
        ),
    ]  # fmt: skip


async def open_addition_menu(screen: DataScreen[Found], entry: CatalogueEntry) -> None:
    """Ask what to add to a course, and add it."""
    await flow.open_menu(screen, f"Add to {entry.course.code}", _additions(screen, entry))


async def ask_new_course(screen: DataScreen[Found], strand: str) -> bool:
    fields = (
        FormField("strand", "Strand", strand, "its code or name", filled_rule),
        FormField("code", "Code", "", "such as BR; event references start with it", filled_rule, room=SHORT),
        FormField("title", "Title", fault=filled_rule),
        FormField(
            "modules",
            "Modules",
            "",
            "such as Day 1 7h, Day 2 7h",
            shared_changes.readable_rule(catalogue_rules.parse_modules, "type a title and a length for each module"),
        ),
        FormField("audience", "For", "", "optional, such as all staff"),
        FormField("capacity", "Places", "20", "on each event", shared_changes.NUMBER_RULE, room=SHORT),
        FormField(
            "minimum", "Minimum number", "0", "people; 0 means no minimum", shared_changes.NUMBER_RULE, room=SHORT
        ),
        FormField("question", "Impact question", "", "leave empty for: has supported my practice"),
    )

    def propose(answers: Answers) -> Proposal[list[FieldChange]]:
        modules = catalogue_rules.parse_modules(answers["modules"])
        places = typed_whole_number(answers["capacity"], "The number of places")
        needed = typed_whole_number(answers["minimum"], "The minimum number")
        code = answers["code"].upper()
        return shared_changes.change_proposal(
            f"Add the course {code}?",
            lambda ctx: catalogue_actions.add_course(
                ctx,
                catalogue_actions.CourseToAdd(
                    answers["strand"],
                    code,
                    answers["title"],
                    modules,
                    audience=answers["audience"],
                    capacity=places,
                    minimum=needed,
                    impact_question=answers["question"],
                ),
            ),
            f"{code} was added to the catalogue.",
            do="Add the course",
        )

    return await proposal.ask_new_record(screen, "New course", fields, propose)


async def ask_course_texts(screen: DataScreen[Found], entry: CatalogueEntry) -> bool:
    code = entry.course.code

    def fields() -> list[FormField]:
        course = catalogue_queries.show_course(screen.ctx, code).course
        return [
            FormField("title", "Title", course.title, fault=filled_rule),
            FormField("audience", "For", course.audience),
            FormField("description", "Description", course.description),
        ]

    return await proposal.ask_record_changes(
        screen,
        f"Title and texts of {code}",
        fields,
        lambda answers, now: _changing(code, partial(_write_texts, code, shared_changes.changed_answers(now, answers))),
        explanation="Events already planned keep their title.",
    )


def _write_texts(code: str, anew: Mapping[str, str | None], ctx: Context) -> list[FieldChange]:
    return catalogue_actions.change_course(
        ctx,
        code,
        catalogue_actions.CourseChange(title=anew["title"], audience=anew["audience"], description=anew["description"]),
    )


async def ask_course_places(screen: DataScreen[Found], entry: CatalogueEntry) -> bool:
    code = entry.course.code

    def fields() -> list[FormField]:
        course = catalogue_queries.show_course(screen.ctx, code).course
        return [
            FormField(
                "capacity",
                "Places",
                str(course.capacity),
                "on events planned from now on",
                shared_changes.NUMBER_RULE,
                room=SHORT,
            ),
            FormField(
                "minimum",
                "Minimum number",
                str(course.minimum),
                "people; 0 means no minimum",
                shared_changes.NUMBER_RULE,
                room=SHORT,
            ),
        ]

    def propose(answers: Answers, _: Sequence[FormField]) -> Proposal[list[FieldChange]]:
        places = typed_whole_number(answers["capacity"], "The number of places")
        needed = typed_whole_number(answers["minimum"], "The minimum number")
        return _changing(
            code,
            lambda ctx: catalogue_actions.change_course(
                ctx, code, catalogue_actions.CourseChange(capacity=places, minimum=needed)
            ),
        )

    return await proposal.ask_record_changes(
        screen, f"Places of {code}", fields, propose, explanation="Events already planned keep their places."
    )


async def ask_course_strand(screen: DataScreen[Found], entry: CatalogueEntry) -> bool:
    code = entry.course.code

    def fields() -> list[FormField]:
        return [
            FormField(
                "strand",
                "Strand",
                catalogue_queries.show_course(screen.ctx, code).course.strand,
                "its code or name",
                filled_rule,
            )
        ]

    return await proposal.ask_record_changes(
        screen,
        f"Which strand does {code} belong to?",
        fields,
        lambda answers, _: _changing(
            code,
            lambda ctx: catalogue_actions.change_course(
                ctx, code, catalogue_actions.CourseChange(strand=answers["strand"])
            ),
        ),
    )


async def ask_course_retirement(screen: DataScreen[Found], entry: CatalogueEntry) -> bool:
    code = entry.course.code
    return await proposal.act_on_proposal(
        screen,
        shared_changes.change_proposal(
            f"Archive {code}?",
            lambda ctx: [catalogue_actions.retire_course(ctx, code)],
            f"{code} is archived. Press v to show archived courses.",
            warning="No new events can be planned. Its events, completions and figures stay.",
            do="Archive",
        ),
    )


async def ask_course_return(screen: DataScreen[Found], entry: CatalogueEntry) -> bool:
    code = entry.course.code
    return await proposal.act_on_proposal(
        screen, _changing(code, lambda ctx: [catalogue_actions.bring_back_course(ctx, code)], f"Restore {code}?")
    )


async def ask_new_module(screen: DataScreen[Found], entry: CatalogueEntry) -> bool:
    code = entry.course.code
    fields = (
        FormField("title", "Title", fault=filled_rule),
        FormField("length", "Length", "", LENGTHS, LENGTH_RULE, room=SHORT),
    )

    def propose(answers: Answers) -> Proposal[list[FieldChange]]:
        minutes = catalogue_rules.parse_module_length(answers["length"])
        return _changing(code, lambda ctx: catalogue_actions.add_module(ctx, code, answers["title"], minutes))

    explanation = (
        "Events already planned get no session for it. People who have completed the course will then lack it."
    )
    return await proposal.ask_new_record(screen, f"New module of {code}", fields, propose, explanation)


async def ask_module_changes(screen: DataScreen[Found], entry: CatalogueEntry, module: Module) -> bool:
    code = entry.course.code
    position = module.position

    def fields() -> list[FormField]:
        nonlocal position
        modules = catalogue_queries.show_course(screen.ctx, code).modules
        now = proposal.still_there((each for each in modules if each.id == module.id), f"{module.title} in {code}")
        position = now.position
        return [
            FormField("title", "Title", now.title, fault=filled_rule),
            FormField(
                "length", "Length", catalogue_rules.length_in_words(now.minutes), LENGTHS, LENGTH_RULE, room=SHORT
            ),
            FormField(
                "place", "Position", str(position), f"1 to {len(modules)}", shared_changes.NUMBER_RULE, room=SHORT
            ),
        ]

    def propose(answers: Answers, _: Sequence[FormField]) -> Proposal[list[FieldChange]]:
        minutes = catalogue_rules.parse_module_length(answers["length"])
        place = typed_whole_number(answers["place"], "The position of a module")

        def change(ctx: Context) -> list[FieldChange]:
            done = catalogue_actions.change_module(ctx, code, position, title=answers["title"], minutes=minutes)
            if place != position:
                done += catalogue_actions.move_module(ctx, code, position, place)
            return done

        return _changing(code, change)

    return await proposal.ask_record_changes(screen, f"Module {module.position} of {code}", fields, propose)


async def ask_module_removal(screen: DataScreen[Found], entry: CatalogueEntry, module: Module) -> bool:
    code = entry.course.code
    return await proposal.act_on_proposal(
        screen,
        shared_changes.change_proposal(
            f"Remove module {module.position} of {code}?",
            lambda ctx: catalogue_actions.remove_module(ctx, code, module.position),
            f"{module.title} was removed from {code}.",
            do="Remove",
        ),
    )


async def open_strand_menu(screen: DataScreen[Found], strand: Strand | None) -> None:
    """Ask whether to add a strand or change the one under the cursor, and do it."""
    ctx = screen.ctx
    actions = [
        shared_changes.menu_action(
            ctx,
            "a",
            "Add a strand",
            "Below the others",
            catalogue_actions.add_strand.role,
            partial(_new_strand, screen),
        ),
    ]
    if strand is not None:
        actions += [
            shared_changes.menu_action(
                ctx,
                "r",
                "Rename",
                f"{strand.code}: {strand.name}",
                catalogue_actions.change_strand.role,
                partial(_rename_strand, screen, strand),
            ),
            shared_changes.menu_action(
                ctx,
                "x",
                "Archive",
                f"Every course of {strand.name}; an empty strand is removed",
                catalogue_actions.retire_strand.role,
                partial(_retire_strand, screen, strand),
            ),
        ]
    await flow.open_menu(screen, "Strands", actions)


async def _new_strand(screen: DataScreen[Found]) -> bool:
    fields = (
        FormField("code", "Code", "", "such as SOS", filled_rule, room=SHORT),
        FormField("name", "Name", "", "such as Signs of Safety", filled_rule),
        FormField("description", "Description", "", "optional"),
    )
    return await proposal.ask_new_record(
        screen,
        "New strand",
        fields,
        lambda answers: shared_changes.change_proposal(
            "Add this strand?",
            lambda ctx: [
                catalogue_actions.add_strand(ctx, answers["code"], answers["name"], description=answers["description"])
            ],
            f"{answers['name']} was added to the catalogue. Press a to add a course to it.",
        ),
    )


async def _rename_strand(screen: DataScreen[Found], strand: Strand) -> bool:
    def fields() -> list[FormField]:
        found = catalogue_queries.show_catalogue(screen.ctx).strands
        now = proposal.still_there((each for each in found if each.id == strand.id), strand.name)
        return [
            FormField("name", "Name", now.name, fault=filled_rule),
            FormField("description", "Description", now.description),
        ]

    def propose(answers: Answers, now: Sequence[FormField]) -> Proposal[list[FieldChange]]:
        anew = shared_changes.changed_answers(now, answers)
        return _changing(
            strand.code,
            lambda ctx: catalogue_actions.change_strand(
                ctx, strand.code, name=anew["name"], description=anew["description"]
            ),
        )

    return await proposal.ask_record_changes(screen, f"The strand {strand.code}", fields, propose)


async def _retire_strand(screen: DataScreen[Found], strand: Strand) -> bool:
    return await proposal.act_on_proposal(
        screen,
        shared_changes.change_proposal(
            f"Archive {strand.name}?",
            lambda ctx: catalogue_actions.retire_strand(ctx, strand.code),
            f"{strand.name} is archived.",
            warning="Its events, completions and figures stay. Press v to show archived courses.",
            do="Archive",
        ),
    )


async def open_resource_menu(screen: DataScreen[Found], entry: CatalogueEntry, chosen: Resource) -> None:
    """Show where a resource is and ask what to do with it."""
    ctx = screen.ctx

    async def copy() -> None:
        copy_resource_address(screen, chosen)

    nowhere = "" if chosen.address else "It has no address yet. Change it to add one."
    actions = [
        shared_changes.menu_action(
            ctx, "c", "Copy the address", "To paste it into a browser", Role.VIEWER, copy, nowhere
        ),
        shared_changes.menu_action(
            ctx,
            "e",
            "Change",
            "Title, address or edition",
            resources.change_resource.role,
            partial(_change_resource, screen, chosen),
        ),
        shared_changes.menu_action(
            ctx,
            "x",
            "Remove",
            "It stays in the history",
            resources.remove_resource.role,
            partial(ask_resource_removal, screen, chosen),
        ),
    ]
    of = f"of the course {chosen.course}" if chosen.course else f"of every course of the strand {chosen.strand}"
    said = f"{chosen.address or 'No address yet'}{glyphs().between}{of}"
    await flow.open_menu(screen, chosen.title, actions, explanation=said, link=chosen.web_address)


def copy_resource_address(screen: DataScreen[Found], chosen: Resource) -> None:
    """Copy the address of a resource to the terminal's clipboard."""
    if not chosen.address:
        screen.say(f"{chosen.title} has no address yet. Press e to add one.", warning=True)
        return
    screen.app.copy_to_clipboard(clean_text(chosen.address))
    screen.say(f"{chosen.address} copied, if your terminal allows it.")


async def ask_new_resource(screen: DataScreen[Found], entry: CatalogueEntry) -> bool:
    fields = (
        FormField("title", "Title", fault=filled_rule),
        FormField(
            "kind",
            "Kind",
            "link",
            "link or document",
            words_rule("link", "document"),
            suggest_one(("link", "document")),
            room=SHORT,
        ),
        FormField("address", "Address", "", "a web address or a file path"),
        FormField("edition", "Edition", "", "such as 2 or March 2017"),
        FormField(
            "of",
            "Belongs to",
            "course",
            "course, or strand for every course of it",
            words_rule("course", "strand"),
            suggest_one(("course", "strand")),
            room=SHORT,
        ),
    )

    def propose(answers: Answers) -> Proposal[Resource]:
        kinds = {kind.value: kind for kind in ResourceKind}
        if answers["kind"].lower() not in kinds:
            raise WrongUse(f"Type link or document, not '{answers['kind']}'.")
        if answers["of"].lower() not in ("course", "strand"):
            raise WrongUse(f"Type course or strand, not '{answers['of']}'.")
        of_course = answers["of"].lower() == "course"

        def add(ctx: Context, _: str) -> Resource:
            wanted = resources.NewResource(
                answers["title"],
                kinds[answers["kind"].lower()],
                answers["address"],
                edition=answers["edition"],
                course=entry.course.code if of_course else "",
                strand="" if of_course else entry.course.strand,
            )
            try:
                made = resources.add_resource(ctx, wanted)
            except WrongUse as refusal:
                raise FieldRefusal("address", word_for_window(refusal)) from None
            return replace(made, id=0)  # the number it gets may differ from the previewed one

        return Proposal(
            f"Add this to {entry.course.code}?", add, _resource_lines, lambda made: f"{made.title} was added.", do="Add"
        )

    return await proposal.ask_new_record(screen, f"New link or document of {entry.course.code}", fields, propose)


async def _change_resource(screen: DataScreen[Found], chosen: Resource) -> bool:
    def fields() -> list[FormField]:
        found = resources.list_resources(screen.ctx)
        now = proposal.still_there((each for each in found if each.id == chosen.id), chosen.title)
        return [
            FormField("title", "Title", now.title, fault=filled_rule),
            FormField("address", "Address", now.address, "a web address or a file path"),
            FormField("edition", "Edition", now.edition, "such as 2 or March 2017"),
        ]

    def propose(answers: Answers, now: Sequence[FormField]) -> Proposal[Resource]:
        anew = shared_changes.changed_answers(now, answers)
        if not any(text is not None for text in anew.values()):
            raise WrongUse("Nothing is different, so nothing was changed.")
        return Proposal(
            f"Change {chosen.title}?",
            lambda ctx, _: resources.change_resource(
                ctx, chosen.id, title=anew["title"], address=anew["address"], edition=anew["edition"]
            ),
            _resource_lines,
            lambda made: f"{made.title} is changed. Invitations written from now on use the change.",
            do="Save",
        )

    return await proposal.ask_record_changes(screen, chosen.title, fields, propose)


async def ask_resource_removal(screen: DataScreen[Found], chosen: Resource) -> bool:
    return await proposal.act_on_proposal(
        screen,
        Proposal(
            f"Remove {chosen.title}?",
            lambda ctx, _: resources.remove_resource(ctx, chosen.id),
            _resource_lines,
            lambda gone: f"{gone.title} was removed.",
            do="Remove",
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
    code: str, run: Callable[[Context], Sequence[FieldChange]], title: str = "", said: str = ""
) -> Proposal[list[FieldChange]]:
    return shared_changes.change_proposal(title or f"Change {code}?", run, said or f"{code} is changed.")
