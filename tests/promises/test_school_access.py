"""Who gets what of a school: role × kind of data × relation, against a table written by hand.

The table is read from the clauses, not from the code: pupils their own diary, guardians what their
confirmed link gives while it runs and until majority, teachers their groups, a form teacher the
class, who administers a school that school, authorities and the service's staff no pupil
(ekool-1.4-*, ekool-8.5-*). Every address of the rooms ``school`` and ``diary`` is asked by all.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from skola import urls
from skola.ground import clock
from skola.ground.audit.models import Entry
from skola.ground.people.api import name_guardian, verify_guardianship
from skola.ground.people.models import Account, Guardianship, Person
from skola.ground.people.tests import make as people
from skola.ground.tenants.api import Tenant, inside
from skola.services.diary import actions as diary_actions
from skola.services.diary.doubting import doubt_mark
from skola.services.diary.models import CalendarLink
from skola.services.diary.tests import make as diary
from skola.services.school import actions as school
from skola.services.school.tests import make as schools
from skola.services.school.tests.make import A_DAY
from skola.services.statements.tests import make as statements

pytestmark = [pytest.mark.usefixtures("stand"), pytest.mark.tenant("ekool")]
Ids = Mapping[str, object]
SEES = ("see", "marks", "excuse")
GUARDIANS = {
    "father": SEES,
    "divorced mother": ("see",),
    "grandmother with a mandate": ("excuse", "see"),
    "uncle whose mandate ended": SEES,
    "no-contact father": SEES,
    "unconfirmed mother": SEES,
    "guardian in money matters": ("request",),
    "parent of the grown-up": SEES,
    "parent whom the grown-up lets": SEES,
}
ENDED = {"uncle whose mandate ended", "no-contact father"}


@pytest.fixture
def stand() -> Iterator[None]:
    with clock.standing_at(A_DAY):
        yield


@dataclass(frozen=True)
class School:
    """Everybody who is something to a school, and what there is of each kind."""

    who: dict[str, Person]
    data: dict[str, tuple[str, Ids]]
    """Kind of data: its route and the ids of one such thing."""


def world() -> School:
    """A school with a minor, a grown-up, and everybody around them."""
    here, there = diary.world(pupils=3), diary.world(name="Kase Kool")
    minor, grown, classmate = here.pupils
    grown.person.birth_on = date(2008, 3, 1)  # eighteen since yesterday
    grown.person.save()
    other, left, substitute, leader, head, far_head = (people.account().person for _ in range(6))
    schools.group(here.school_class, other, subject="Kunst")
    schools.group(schools.school_class(here.school, name="8.A"), substitute)
    school.name_form_teacher(here.school_class, leader, by="school", now=A_DAY)
    school.name_administrator(here.school, head, by="staff", now=A_DAY)
    school.name_administrator(there.school, far_head, by="staff", now=A_DAY)
    past = A_DAY - timedelta(days=3)
    school.assign_teacher(here.group, left, by="school", now=past - timedelta(days=30))
    school.end_employment(here.school, left, by="school", now=past)
    school.change_lesson(
        here.slot,
        on=diary.TODAY,
        is_cancelled=False,
        room="",
        teacher=substitute,
        by="school",
        now=A_DAY,
    )
    who = {
        "pupil": minor.person,
        "grown-up": grown.person,
        "classmate": classmate.person,
        "teacher": here.teacher,
        "teacher of another subject": other,
        "teacher who left": left,
        "substitute of today": substitute,
        "form teacher": leader,
        "head": head,
        "teacher of another school": there.teacher,
        "head of another school": far_head,
        "parent at another school": schools.guardian(there.pupil.person),
        "stranger": people.account().person,
        "authority": statements.reader(statements.authority()),
        **{name: _guardian(name, minor.person, grown.person) for name in GUARDIANS},
    }
    for kind in ("administrator", "support"):
        who[kind] = people.account().person
        people.role(who[kind], kind, starts_at=past)
    return School(who, _data(here, who))


def _guardian(name: str, minor: Person, grown: Person) -> Person:
    person = people.account().person
    child = grown if "grown-up" in name else minor
    begun = A_DAY - timedelta(days=30)
    link = name_guardian(child, person, powers=GUARDIANS[name], by="school", now=begun)
    if name != "unconfirmed mother":
        verify_guardianship(link, proof="school", by="school", now=begun)
    if name in ENDED:
        Guardianship.objects.filter(pk=link.pk).update(ends_at=A_DAY - timedelta(days=1))
    if name == "parent whom the grown-up lets":
        Guardianship.objects.filter(pk=link.pk).update(grown_up_allows_at=A_DAY)
    return person


def _data(here: diary.World, who: dict[str, Person]) -> dict[str, tuple[str, Ids]]:
    minor, grown = here.pupils[:2]
    test = diary.assessment(here)
    mark, grown_mark = (diary.mark(here, one, "4", of=test) for one in (minor, grown))
    doubt = doubt_mark(mark, sender=who["father"], words="18 of 20", by="guardian", now=A_DAY)
    lesson = diary.lesson(here, homework="Page 12")
    note = diary.note(minor, who["father"])
    asked = school.ask_for_link(
        who["stranger"],
        here.school,
        child_name="Mari",
        child_birth_on=diary.TODAY,
        words="",
        by="parent",
        now=A_DAY,
    )
    diary_actions.open_calendar(who["father"], minor.person_id, by="guardian", now=A_DAY)
    calendar, of_class = CalendarLink.objects.get(), {"pk": here.school_class.pk}
    of_slot, on_day = {"pk": here.slot.pk}, {"pk": here.slot.pk, "on": diary.TODAY.isoformat()}
    of_school = {"pk": here.school.pk}
    child, adult = {"pk": minor.person_id}, {"pk": grown.person_id}
    allows = Guardianship.objects.get(guardian=who["parent whom the grown-up lets"])
    return {
        **{f"diary:{name}": (f"diary:{name}", child) for name in CHILDS},
        **{f"diary:{name} of the grown-up": (f"diary:{name}", adult) for name in CHILDS},
        "diary:mark": ("diary:mark", {"pk": mark.pk}),
        "diary:mark of the grown-up": ("diary:mark", {"pk": grown_mark.pk}),
        "diary:reports": ("diary:reports", {"pk": mark.pk}),
        "diary:doubt-answers": ("diary:doubt-answers", {"pk": doubt.pk}),
        **{f"diary:{name}": (f"diary:{name}", of_class) for name in ("class", "notes")},
        "diary:confirmations": ("diary:confirmations", of_class),
        "diary:answers": ("diary:answers", {"pk": note.pk}),
        "diary:pupil": ("diary:pupil", {"pk": minor.pk}),
        "diary:journal": ("diary:journal", {"pk": here.group.pk}),
        "diary:assessments": ("diary:assessments", {"pk": here.group.pk}),
        "diary:marks": ("diary:marks", {"pk": test.pk}),
        "diary:lesson": ("diary:lesson", on_day),
        "diary:absences": ("diary:absences", on_day),
        "diary:texts": ("diary:texts", on_day),
        "diary:ticks": ("diary:ticks", {"pk": lesson.pk}),
        "diary:guardian": ("diary:guardian", {"pk": allows.pk}),
        "diary:revocations": ("diary:revocations", {"pk": calendar.pk}),
        **{f"school:{name}": (f"school:{name}", of_school) for name in OF_SCHOOL},
        **{f"school:{name}": (f"school:{name}", of_class) for name in OF_CLASS},
        "school:roles": ("school:roles", of_school),
        "school:principles": ("school:principles", of_school),
        "school:request": ("school:request", {"pk": asked.pk}),
        "school:refusals": ("school:refusals", {"pk": asked.pk}),
        "school:pupil-leavings": ("school:pupil-leavings", {"pk": minor.pk}),
        "school:slot-endings": ("school:slot-endings", of_slot),
        "school:lesson-changes": ("school:lesson-changes", of_slot),
    }


CHILDS = ("child", "record", "note", "looks", "calendar")
OF_SCHOOL = (
    "school", "years", "classes", "subjects", "leavings", "changes", "lists", "taken-lists",
    "second-factor",
)  # fmt: skip
OF_CLASS = ("class", "pupils", "groups", "leaders", "slots")

LEADERS = ("diary:class", "diary:notes", "diary:confirmations", "diary:answers", "diary:pupil")
SEE_MINOR = {"pupil", "father", "divorced mother", "grandmother with a mandate"}
SEE_GROWN = {"grown-up", "parent whom the grown-up lets"}
AT_SCHOOL = {
    "classmate", "teacher", "teacher of another subject", "substitute of today", "form teacher",
    "head", "guardian in money matters", "parent of the grown-up",
}  # fmt: skip
TABLE: dict[str, set[str]] = {
    **{f"diary:{name}": SEE_MINOR for name in CHILDS},
    "diary:note": {"father", "grandmother with a mandate"},  # a minor does not excuse itself
    **{f"diary:{name} of the grown-up": SEE_GROWN for name in CHILDS},
    "diary:mark": {"pupil", "father", "teacher", "form teacher"},
    "diary:reports": {"pupil", "father"},
    "diary:doubt-answers": {"teacher"},
    "diary:mark of the grown-up": {*SEE_GROWN, "teacher", "form teacher"},
    **{
        key: {"form teacher"}
        for key in (
            "diary:class",
            "diary:notes",
            "diary:confirmations",
            "diary:answers",
            "diary:pupil",
        )
    },
    **{key: {"teacher"} for key in ("diary:journal", "diary:assessments", "diary:marks")},
    **{
        key: {"teacher", "substitute of today"}
        for key in ("diary:lesson", "diary:absences", "diary:texts")
    },
    "diary:ticks": {"pupil", "grown-up", "classmate"},
    "diary:guardian": {"grown-up"},
    "diary:revocations": {"father"},
    **{f"school:{name}": {"head"} for name in (*OF_SCHOOL, *OF_CLASS)},
    "school:roles": {"administrator"},
    "school:principles": {*SEE_MINOR, *SEE_GROWN, *AT_SCHOOL},
    **{
        key: {"head"}
        for key in (
            "school:request",
            "school:refusals",
            "school:pupil-leavings",
            "school:slot-endings",
            "school:lesson-changes",
        )
    },
}
"""Kind of data: who gets it. Everybody else is answered as if it did not exist."""
SECRET = {"diary:feed"}
"""Addresses that open to whoever knows them, tried in their room."""


def routes() -> set[str]:
    """Every route with ids of the two rooms."""
    found = set()
    for resolver in get_resolver().url_patterns:
        name = getattr(resolver, "namespace", None)
        if name in ("school", "diary"):
            patterns = resolver.url_patterns  # type: ignore[union-attr]
            found |= {
                f"{name}:{one.name}"
                for one in patterns
                if isinstance(one, URLPattern) and one.pattern.regex.groups
            }
    return found - SECRET


def test_everybody_gets_what_the_table_gives_and_nothing_else(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(urls, "handler404", gone)
    made = world()
    assert {route for route, _ids in made.data.values()} == routes(), "The table lacks a route."
    assert set(made.data) == set(TABLE)
    clients = {name: client_of(tenant, person) for name, person in made.who.items()}
    before = done()
    got: dict[str, set[str]] = {}
    for number, (kind, (route, ids)) in enumerate(made.data.items()):
        address, gets = reverse(route, kwargs=dict(ids)), TABLE[kind]
        asked = {name: one for name, one in clients.items() if is_asked(kind, number, name)}
        if route in POST_ONLY:  # who may is tried in the rooms; here nothing is to happen
            told = {name: one.post(address) for name, one in asked.items() if name not in gets}
            got[kind] = {name for name, answer in told.items() if answer.status_code != 404}
        else:
            told = {name: one.get(address) for name, one in asked.items()}
            got[kind] = {name for name, answer in told.items() if answer.status_code == 200}

    wanted = {kind: set() if kind in POST_ONLY else names for kind, names in TABLE.items()}
    assert {kind: names for kind, names in got.items() if names != wanted[kind]} == {}
    assert done() == before


def is_asked(kind: str, number: int, name: str) -> bool:
    """Whether somebody asks: all ask for pages of the diary, for the rest one in six in turn."""
    if kind.startswith("diary:") and kind not in POST_ONLY:
        return True
    return name in TABLE[kind] or (number + sum(map(ord, name))) % 6 == 0


def gone(*_: object, **__: object) -> HttpResponse:
    """The page for what does not exist, without a frame."""
    return HttpResponse(status=404)


def done() -> int:
    """How many entries tell of something that was done."""
    return Entry.objects.exclude(kind__startswith="web.").count()


POST_ONLY = {
    "diary:reports", "diary:doubt-answers",
    "diary:answers", "diary:confirmations", "diary:assessments", "diary:marks", "diary:absences",
    "diary:ticks", "diary:guardian", "diary:revocations", "school:years", "school:classes",
    "school:subjects", "school:leavings", "school:taken-lists", "school:pupils", "school:groups",
    "school:leaders", "school:slots", "school:roles", "school:refusals", "school:pupil-leavings",
    "school:slot-endings", "school:lesson-changes", "school:second-factor",
}  # fmt: skip


def client_of(tenant: Tenant, person: Person) -> Client:
    """A browser in which somebody is signed in."""
    made = Client(HTTP_HOST=f"{tenant.slug}.localhost")
    with inside(tenant.pk):
        account = Account.objects.filter(person=person).first()
        if account is None:
            account = Account.objects.create_account(
                person, email=person.email, password=None, now=A_DAY
            )
        made.force_login(account)
    return made
