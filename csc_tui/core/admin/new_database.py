"""The content of a new database: the programme as its web page described it in spring 2017, in its own words."""

from dataclasses import dataclass
from datetime import date

from csc_tui.base.context import Context
from csc_tui.base.history import write_history
from db import catalogue, policy
from db.engine.connection import write_transaction
from db.errors import Duplicate
from db.records.catalogue import ResourceKind, WaitingElsewhere
from db.records.evaluation import AnswerKind, Stage
from db.records.groups import GroupKind
from db.records.startup import Role

PROGRAMME = "Creating Strong Communities"
STARTED = date(2015, 4, 1)
DESCRIPTION = (
    "In April 2015, following a successful bid to the Department for Education, North East Lincolnshire Council was "
    "awarded Social Care Innovation funding to implement the Creating Strong Communities (CSC) Programme. Its basis is "
    "to protect vulnerable children whilst looking at new ways of organisational working and learning. Extensive "
    "workforce and partner development in two main areas, Signs of Safety and Restorative Practice, has developed a "
    "new framework for practice."
)
BASELINE_SOURCE = "Creating Strong Communities programme page"
# The page gives its figures as of "since the implementation of the programme" and announces the 2017/18 events as still
# to come, so they stand for the end of 2016/17.
BASELINE_DATE = date(2017, 3, 31)

FULL_DAY, THREE_HOURS, TWO_HOURS = 420, 180, 120
"""Lengths of modules in minutes."""


@dataclass(frozen=True, slots=True)
class NewCourse:
    """A course of a new database; `modules` are (title, minutes)."""

    code: str
    title: str
    description: str
    audience: str
    impact_question: str
    capacity: int
    minimum: int
    modules: tuple[tuple[str, int], ...]
    managers_only: bool = False
    waiting_elsewhere: WaitingElsewhere = WaitingElsewhere.ASK


@dataclass(frozen=True, slots=True)
class NewStrand:
    """A strand of a new database; `resources` are (title, kind, address, course code or nothing)."""

    code: str
    name: str
    description: str
    courses: tuple[NewCourse, ...]
    resources: tuple[tuple[str, ResourceKind, str, str], ...]


SIGNS_OF_SAFETY = NewStrand(
    code="SOS",
    name="Signs of Safety",
    description=(
        "A method of safety planning with children and families, which uses a common language, is solution focused "
        "and encourages workers to assist families in taking responsibility for resolving issues and keeping their "
        "children safe."
    ),
    courses=(
        NewCourse(
            code="SOS-INTRO",
            title="Signs of Safety: two-day introduction",
            description="Safety planning with children and families in a common, solution focused language.",
            audience="Staff and partners",
            impact_question="Using Signs of Safety has benefited the families I work with.",
            capacity=24,
            minimum=10,
            modules=(("Day 1", FULL_DAY), ("Day 2", FULL_DAY)),
        ),
        NewCourse(
            code="SOS-BRIEF",
            title="Signs of Safety: briefing for partners",
            description="What Signs of Safety is, and the common language that partners share with the council.",
            audience="Partner organisations",
            impact_question="Knowing about Signs of Safety has benefited my work with families.",
            capacity=40,
            minimum=12,
            modules=(("Briefing", THREE_HOURS),),
        ),
        NewCourse(
            code="SOS-SAT",
            title="Using the single assessment tool",
            description="The single assessment tool, designed and launched within the Families First framework.",
            audience="Staff and partners who assess families",
            impact_question="Using the single assessment tool has benefited the families I work with.",
            capacity=16,
            minimum=6,
            modules=(("Workshop", THREE_HOURS),),
        ),
        NewCourse(
            code="SOS-PL",
            title="Practice Leads group meeting",
            description="The Signs of Safety Practice Leads meet.",
            audience="Signs of Safety Practice Leads",
            impact_question="This group has supported me in leading the use of Signs of Safety.",
            capacity=30,
            minimum=0,
            modules=(("Meeting", TWO_HOURS),),
            waiting_elsewhere=WaitingElsewhere.KEEP,  # the same people meet every month
        ),
        NewCourse(
            code="SOS-ALS",
            title="Signs of Safety action learning set",
            description="A small set meets four times to learn from using Signs of Safety with families.",
            audience="Staff who use Signs of Safety with families",
            impact_question="This set has supported me in using Signs of Safety with families.",
            capacity=8,
            minimum=5,
            modules=tuple((f"Set meeting {number}", TWO_HOURS) for number in range(1, 5)),
        ),
    ),
    resources=(("Signs of Safety", ResourceKind.LINK, "www.signsofsafety.net", ""),),
)

RESTORATIVE_PRACTICE = NewStrand(
    code="RP",
    name="Restorative Practice",
    description=(
        "A way of building and maintaining respectful relationships as well as repairing them, used within North East "
        "Lincolnshire Council as a way of empowering individuals in their working relationships as well as with "
        "partners and communities. Workforce development is divided into two key themes, Restorative Leadership and "
        "Being Restorative."
    ),
    courses=(
        NewCourse(
            code="RL",
            title="Restorative Leadership",
            description=(
                "A programme of workshops with action learning between sessions, which aims to build a collaborative "
                "professional forum which explores, validates and challenges existing leadership practices and "
                "supports the application of new learning in day to day practice."
            ),
            audience="Leaders within the Council",
            impact_question="This development has changed the way I manage staff.",
            capacity=16,
            minimum=8,
            modules=(
                ("Workshop 1", FULL_DAY),
                ("Action learning 1", TWO_HOURS),
                ("Workshop 2", FULL_DAY),
                ("Action learning 2", TWO_HOURS),
                ("Workshop 3", FULL_DAY),
                ("Action learning 3", TWO_HOURS),
                ("Workshop 4", FULL_DAY),
            ),
            managers_only=True,
        ),
        NewCourse(
            code="BR",
            title="Being Restorative",
            description=(
                "Complements the leadership programme and is a framework for enabling workers to model respectful "
                'communication rather than doing "to" or "for" to a "working with" perspective. Three three-hour '
                "modules."
            ),
            audience="People within the Council workforce",
            impact_question="This has supported my practice.",
            capacity=20,
            minimum=8,
            modules=tuple((f"Module {number}", THREE_HOURS) for number in range(1, 4)),
        ),
    ),
    resources=(
        ("Restorative Practice", ResourceKind.LINK, "www.restorativefoundation.org.uk", ""),
        # The page names these three, but their files were not handed over: their addresses are still to be added.
        ("NELC Restorative Practice Overview", ResourceKind.DOCUMENT, "", ""),
        ("RP Theoretical Perspective", ResourceKind.DOCUMENT, "", ""),
        ("Being Restorative Practitioners Handbook", ResourceKind.DOCUMENT, "", "BR"),
    ),
)

BASELINES = (
    # (strand, course, label, value, unit, qualifier)
    ("SOS", "", "staff and partners developed in Signs of Safety", 2375, "people", ""),
    ("RP", "RL", "managers developed in restorative leadership", 182, "people", ""),
    ("RP", "BR", "people within the Council workforce developed in Being Restorative", 400, "people", "over"),
    # The headline 74 % is two findings that happen to be equal, from different people about different courses.
    ("RP", "RL", "believed that this development had changed the way they manage staff", 74, "percent", ""),
    ("RP", "BR", "believe that this has supported their practice", 74, "percent", ""),
)


def fill_new_database(ctx: Context) -> None:
    """Fill an empty database with the programme and make the actor its administrator. Raises Duplicate."""
    ctx.require(Role.ADMINISTRATOR)
    with write_transaction():
        if catalogue.fetch_programme():
            raise Duplicate("This database already has a programme. Nothing was changed.")
        programme_id = catalogue.insert_programme(PROGRAMME, DESCRIPTION, STARTED)
        strand_ids, course_ids = {}, {}
        for place, strand in enumerate((SIGNS_OF_SAFETY, RESTORATIVE_PRACTICE), 1):
            strand_id = catalogue.insert_strand(programme_id, place, strand.code, strand.name, strand.description)
            strand_ids[strand.code] = strand_id
            for position, course in enumerate(strand.courses, 1):
                course_ids[course.code] = _add_course(strand_id, position, course)
            for position, (title, kind, address, code) in enumerate(strand.resources, 1):
                catalogue.insert_resource(
                    position, title, kind, address, strand_id=strand_id, course_id=course_ids[code] if code else None
                )
        for position, (code, course_code, label, value, unit, qualifier) in enumerate(BASELINES, 1):
            catalogue.insert_baseline(
                position, strand_ids[code], course_ids.get(course_code), label, value,
                unit=unit, qualifier=qualifier, source=BASELINE_SOURCE, as_of=BASELINE_DATE,
            )  # fmt: skip
        catalogue.insert_group(
            "Signs of Safety Practice Leads",
            GroupKind.PRACTICE_LEADS,
            "The group that leads the use of Signs of Safety in practice.",
            course_ids["SOS-PL"],
        )
        policy.store_role(ctx.actor, Role.ADMINISTRATOR)
        write_history(ctx, "founded", PROGRAMME, after=f"{ctx.actor} is administrator")


def _add_course(strand_id: int, position: int, course: NewCourse) -> int:
    course_id = catalogue.insert_course(
        strand_id, position, course.code, course.title, description=course.description, audience=course.audience,
        impact_question=course.impact_question, capacity=course.capacity, minimum=course.minimum,
        managers_only=course.managers_only, waiting_elsewhere=course.waiting_elsewhere,
    )  # fmt: skip
    for number, (title, minutes) in enumerate(course.modules, 1):
        catalogue.insert_module(course_id, number, title, minutes)
    add_default_questions(course_id, course.impact_question)
    return course_id


IMPACT_QUESTION = "This has supported my practice."
"""The impact question of a course for which no other was given."""


def add_default_questions(course_id: int, impact_question: str) -> None:
    """Add the questions of a course's evaluation, the impact question first, on the day and three months later."""
    for stage, scale, text in (
        (Stage.ON_THE_DAY, "How useful will this be in your practice?", "What will you do differently?"),
        (Stage.THREE_MONTHS, "How much of it do you use in your practice?", "What do you do differently now?"),
    ):
        catalogue.insert_question(course_id, stage, 1, impact_question, AnswerKind.AGREE, is_impact=True)
        catalogue.insert_question(course_id, stage, 2, scale, AnswerKind.SCALE)
        catalogue.insert_question(course_id, stage, 3, text, AnswerKind.TEXT)
