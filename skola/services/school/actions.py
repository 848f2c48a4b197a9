"""Everything that changes schools, one function each."""

from collections.abc import Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from skola.ground import clock
from skola.ground.audit import api as audit
from skola.ground.people.api import (
    Person,
    ProfileChange,
    Role,
    end_role,
    grant_role,
    name_guardian,
    register_person,
    verify_guardianship,
)
from skola.promises.retention.api import record_event, record_history, record_state
from skola.services.school import agreeing, pupil_list, queries
from skola.services.school.models import (
    CLASS,
    GROUP,
    SCHOOL,
    Bell,
    Change,
    Group,
    LinkRequest,
    Pupil,
    School,
    SchoolClass,
    Slot,
    Subject,
    Year,
)

BATCH = 2_000
DAY = ("08:00", "08:55", "09:50", "10:55", "11:50", "12:45", "13:40", "14:35")
"""When lessons of 45 minutes begin where a school says nothing else."""


class TwiceError(Exception):
    """There is one like that already."""


class OtherDifferenceError(Exception):
    """What was confirmed is not what would be changed now; nothing was changed."""


class NotAMinorsSchoolError(Exception):
    """The person is not a pupil of this school, or the pupil stands for nobody."""


@transaction.atomic
def open_school(*, name: str, municipality: str, by: str, now: datetime) -> School:
    """Enter a school, with bells as most schools have them. Raises TwiceError."""
    if School.objects.filter(name=name).exists():
        raise TwiceError(_("There is a school of this name already."))
    school = School.objects.create(name=name, municipality=municipality, created_at=now)
    Bell.objects.bulk_create(
        Bell(school=school, number=number, begins=begins, ends=_three_quarters_later(begins))
        for number, begins in enumerate(map(time.fromisoformat, DAY), start=1)
    )
    audit.record("school.school.opened", target=school, by=by, at=now)
    return school


def _three_quarters_later(begins: time) -> time:
    minutes = begins.hour * 60 + begins.minute + 45
    return time(minutes // 60, minutes % 60)


@transaction.atomic
def name_administrator(school: School, person: Person, *, by: str, now: datetime) -> Role:
    """Let somebody administer this school and no other (ekool-1.4-admin)."""
    return _role(person, Role.Kind.SCHOOL, SCHOOL, school, by, now)


@transaction.atomic
def assign_teacher(group: Group, person: Person, *, by: str, now: datetime) -> Role:
    """Let somebody teach a group from now on (ekool-1.4-teacher)."""
    return _role(person, Role.Kind.TEACHER, GROUP, group, by, now)


@transaction.atomic
def name_form_teacher(school_class: SchoolClass, person: Person, *, by: str, now: datetime) -> Role:
    """Let somebody lead a class: see it whole, and answer its absence notes."""
    return _role(person, Role.Kind.TEACHER, CLASS, school_class, by, now)


def _role(
    person: Person,
    kind: str,
    scope: str,
    about: School | SchoolClass | Group,
    by: str,
    now: datetime,
) -> Role:
    held = Role.objects.filter(person=person, kind=kind, scope=scope, scope_id=about.pk)
    there = held.held_at(now).first()
    if there is not None:
        return there
    record_state(person.pk, "employment.active", is_open=True, at=now)
    return grant_role(person, kind, scope=scope, scope_id=about.pk, by=by, now=now)


@transaction.atomic
def end_employment(school: School, person: Person, *, by: str, now: datetime) -> int:
    """End every role that somebody holds at this school, and return how many (ekool-1.4-teacher).

    They stand in for nobody there any more. The state of employment ends with the last role at any
    school.
    """
    held = Role.objects.filter(person=person).held_at(now)
    ending = (
        held.filter(scope=SCHOOL, scope_id=school.pk)
        | held.filter(
            scope=CLASS,
            scope_id__in=SchoolClass.objects.filter(year__school=school).values("pk"),
        )
        | held.filter(
            scope=GROUP,
            scope_id__in=Group.objects.filter(school_class__year__school=school).values("pk"),
        )
    )
    ended = 0
    for role in list(ending):
        end_role(role, by=by, now=now)
        ended += 1
    stood_in = Change.objects.filter(teacher=person, slot__group__school_class__year__school=school)
    ended += stood_in.count()
    stood_in.filter(is_cancelled=False, room="").delete()
    stood_in.update(teacher=None)
    left = Role.objects.filter(person=person, scope__in=(SCHOOL, CLASS, GROUP)).held_at(now)
    if ended and not left.exists():
        record_state(person.pk, "employment.active", is_open=False, at=now)
    return ended


@transaction.atomic
def begin_year(
    school: School, *, starts_on: date, ends_on: date, zone: ZoneInfo, by: str, now: datetime
) -> Year:
    """Enter a school year; what belongs to it is counted from its end. Raises TwiceError."""
    if Year.objects.filter(school=school, starts_on__lte=ends_on, ends_on__gte=starts_on).exists():
        raise TwiceError(_("A school year of this school has these days already."))
    year = Year.objects.create(
        school=school,
        starts_on=starts_on,
        ends_on=ends_on,
        ended_at=clock.last_second(ends_on, zone),
    )
    agreeing.reach_year(year, now=now)
    audit.record("school.year.begun", target=year, by=by, at=now)
    return year


@transaction.atomic
def open_class(year: Year, *, name: str, grade: int, by: str, now: datetime) -> SchoolClass:
    """Enter a class of a year. Raises TwiceError."""
    if SchoolClass.objects.filter(year=year, name=name).exists():
        raise TwiceError(_("There is a class of this name already."))
    made = SchoolClass.objects.create(year=year, name=name, grade=grade)
    audit.record("school.class.opened", target=made, by=by, at=now)
    return made


@transaction.atomic
def add_subject(school: School, *, name: str, scale: str, by: str, now: datetime) -> Subject:
    """Enter a subject with the scale of its curriculum. Raises TwiceError."""
    if Subject.objects.filter(school=school, name=name).exists():
        raise TwiceError(_("There is a subject of this name already."))
    made = Subject.objects.create(school=school, name=name, scale=scale)
    audit.record("school.subject.added", target=made, by=by, at=now)
    return made


@transaction.atomic
def form_group(
    school_class: SchoolClass,
    subject: Subject,
    *,
    teacher: Person | None = None,
    by: str,
    now: datetime,
) -> Group:
    """Let a class be taught a subject, by ``teacher`` where one is named. Raises TwiceError."""
    if Group.objects.filter(school_class=school_class, subject=subject).exists():
        raise TwiceError(_("This class is taught this subject already."))
    group = Group.objects.create(school_class=school_class, subject=subject)
    audit.record("school.group.formed", target=group, by=by, at=now)
    if teacher is not None:
        assign_teacher(group, teacher, by=by, now=now)
    return group


@transaction.atomic
def enter_pupil(
    school_class: SchoolClass, person: Person, *, joined_on: date, by: str, now: datetime
) -> Pupil:
    """Put somebody into a class from a day on. Raises TwiceError when they are in it."""
    if Pupil.objects.filter(school_class=school_class, person=person).exists():
        raise TwiceError(_("This person is a pupil of the class already."))
    pupil = Pupil.objects.create(
        school_class=school_class, person=person, joined_on=joined_on, created_at=now
    )
    record_state(person.pk, "enrolment.active", is_open=True, at=now)
    audit.record("school.pupil.entered", target=pupil, subject=person.pk, by=by, at=now)
    return pupil


@transaction.atomic
def enter_new_pupil(
    school_class: SchoolClass,
    *,
    given_name: str,
    family_name: str,
    birth_on: date | None,
    email: str,
    joined_on: date,
    language: str,
    by: str,
    now: datetime,
) -> Pupil:
    """Register a child whom the service does not know yet, and put it into a class."""
    person = register_person(
        given_name=given_name,
        family_name=family_name,
        email=email,
        birth_on=birth_on,
        language=language,
        source="school",
        by=by,
        now=now,
    )
    return enter_pupil(school_class, person, joined_on=joined_on, by=by, now=now)


@transaction.atomic
def take_over_list(
    where: School,
    rows: Sequence[pupil_list.Row],
    *,
    fingerprint: str,
    joined_on: date,
    language: str,
    source: str = "school",
    ground: str = "",
    by: str,
    now: datetime,
) -> pupil_list.Difference:
    """Enter the pupils of a list whose difference was confirmed by its ``fingerprint``.

    Unclear lines are left out, and nobody leaves. Raises OtherDifferenceError, and changes nothing,
    where the list differs in another way by now: it was taken over before, or somebody entered a
    pupil meanwhile.
    """
    held = School.objects.select_for_update().get(pk=where.pk)
    found = queries.list_difference(held, rows, now)
    if found.fingerprint != fingerprint:
        raise OtherDifferenceError(_("The school's pupils changed since you looked at the list."))
    mine = SchoolClass.objects.filter(year__school=held)
    classes = {one.name: one for one in queries.classes_of_today(mine, joined_on)}
    fresh = [one.row for one in found.of(pupil_list.Kind.NEW)]
    people = _register(fresh, language, source, now)
    _note_source(people, source, ground, by, now)
    known = [one.row for one in found.of(pupil_list.Kind.KNOWN)]
    people += [_known(row) for row in known]
    Pupil.objects.bulk_create(
        (
            Pupil(
                school_class=classes[row.school_class],
                person=person,
                joined_on=joined_on,
                created_at=now,
            )
            for row, person in zip([*fresh, *known], people, strict=True)
        ),
        batch_size=BATCH,
    )
    record_history(states=[(one.pk, "enrolment.active", now, None) for one in people[: len(fresh)]])
    for one in people[len(fresh) :]:
        record_state(one.pk, "enrolment.active", is_open=True, at=now)
    detail: dict[str, int | str] = {kind.value: len(found.of(kind)) for kind in pupil_list.Kind}
    if source != "school":
        detail["source"] = source
    audit.record("school.list.taken_over", target=held, by=by, at=now, detail=detail)
    return found


def _note_source(people: list[Person], source: str, ground: str, by: str, now: datetime) -> None:
    """Write beside people where their data are from, unless the school itself told them."""
    if source == "school":
        return
    ProfileChange.objects.bulk_create(
        (
            ProfileChange(person=one, field="", by=by, source=source, ground=ground, changed_at=now)
            for one in people
        ),
        batch_size=BATCH,
    )


def _register(
    rows: Sequence[pupil_list.Row], language: str, source: str, now: datetime
) -> list[Person]:
    return Person.objects.bulk_create(
        (
            Person(
                given_name=row.given_name,
                family_name=row.family_name,
                birth_on=row.born,
                email=row.email,
                language=language,
                source=source,
                created_at=now,
            )
            for row in rows
        ),
        batch_size=BATCH,
    )


def _known(row: pupil_list.Row) -> Person:
    found = Person.objects.filter(email=row.email).order_by("created_at").first()
    assert found is not None, "the difference has just found this person"
    return found


@transaction.atomic
def leave_class(pupil: Pupil, *, on: date, by: str, now: datetime) -> None:
    """The pupil's last day in a class; with the last class the pupil has left school."""
    pupil.left_on = max(on, pupil.joined_on)
    pupil.save(update_fields=["left_on"])
    stays = Pupil.objects.filter(person=pupil.person_id, left_on=None).exists()
    if not stays:
        record_event(pupil.person_id, "pupil.left", at=now)
        record_state(pupil.person_id, "enrolment.active", is_open=False, at=now)
    audit.record("school.pupil.left", target=pupil, subject=pupil.person_id, by=by, at=now)


@transaction.atomic
def add_slot(
    group: Group, bell: Bell, *, weekday: int, room: str, from_on: date, by: str, now: datetime
) -> Slot:
    """Put a lesson into the timetable from a day on. Raises TwiceError when the class has one."""
    same = Slot.objects.filter(
        group__school_class=group.school_class_id, bell=bell, weekday=weekday, until_on=None
    )
    if same.exists():
        raise TwiceError(_("The class has a lesson at this time already."))
    try:
        with transaction.atomic():
            slot = Slot.objects.create(
                group=group, bell=bell, weekday=weekday, room=room, from_on=from_on
            )
    except IntegrityError as problem:
        raise TwiceError(_("The class has a lesson at this time already.")) from problem
    audit.record("school.slot.added", target=slot, by=by, at=now)
    return slot


@transaction.atomic
def end_slot(slot: Slot, *, until_on: date, by: str, now: datetime) -> None:
    """Take a lesson out of the timetable after a day; what was entered in it stays."""
    slot.until_on = until_on
    slot.save(update_fields=["until_on"])
    audit.record("school.slot.ended", target=slot, by=by, at=now)


@transaction.atomic
def change_lesson(
    slot: Slot,
    *,
    on: date,
    is_cancelled: bool,
    room: str,
    teacher: Person | None,
    by: str,
    now: datetime,
) -> Change | None:
    """Say what is different about a lesson on one day; with nothing said it is as always again."""
    if not (is_cancelled or room or teacher):
        Change.objects.filter(slot=slot, on=on).delete()
        audit.record("school.lesson.restored", target=slot, by=by, at=now)
        return None
    change, _made = Change.objects.update_or_create(
        slot=slot,
        on=on,
        defaults={"is_cancelled": is_cancelled, "room": room, "teacher": teacher},
        create_defaults={
            "is_cancelled": is_cancelled,
            "room": room,
            "teacher": teacher,
            "created_at": now,
        },
    )
    audit.record("school.lesson.changed", target=change, by=by, at=now)
    return change


@transaction.atomic
def ask_for_link(
    asker: Person,
    school: School,
    *,
    child_name: str,
    child_birth_on: date,
    words: str,
    by: str,
    now: datetime,
) -> LinkRequest:
    """A parent asks to be linked to a child; nothing opens by it (ekool-1.4-parent)."""
    asked = LinkRequest.objects.create(
        asker=asker,
        school=school,
        child_name=child_name,
        child_birth_on=child_birth_on,
        words=words,
        asked_at=now,
    )
    audit.record("school.link.asked", target=asked, subject=asker.pk, by=by, at=now)
    return asked


@transaction.atomic
def confirm_link(
    asked: LinkRequest, pupil: Pupil, *, powers: list[str], proof: str, by: str, now: datetime
) -> None:
    """The school confirms who stands for a pupil, with what proof and which powers.

    The request goes; the link with its proof stands in its place. Raises NotAMinorsSchoolError when
    the pupil is of another school, or is the asker.
    """
    school = pupil.school_class.year.school_id
    if school != asked.school_id or pupil.person_id == asked.asker_id:
        raise NotAMinorsSchoolError(_("Choose a pupil of this school."))
    link = name_guardian(pupil.person, asked.asker, powers=powers, by=by, now=now)
    verify_guardianship(link, proof=proof, by=by, now=now)
    audit.record("school.link.confirmed", target=link, subject=pupil.person_id, by=by, at=now)
    asked.delete()


@transaction.atomic
def refuse_link(asked: LinkRequest, *, answer: str, by: str, now: datetime) -> None:
    """The school refuses, with a reason that the asker reads."""
    asked.answered_at, asked.answer = now, answer
    asked.save(update_fields=["answered_at", "answer"])
    audit.record("school.link.refused", target=asked, subject=asked.asker_id, by=by, at=now)
