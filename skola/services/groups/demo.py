"""A year of training groups, invented: ten are over, one is under way, two take applications."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from skola.ground import clock
from skola.ground.people.api import Person, Role
from skola.promises.policy.api import has
from skola.promises.retention.api import record_history
from skola.services.billing.api import Contract
from skola.services.documents import api as documents
from skola.services.documents.api import Document, Series
from skola.services.groups import companies, identity, queries
from skola.services.groups.models import (
    SCOPE,
    Application,
    Attendance,
    Cooperation,
    Meeting,
    Participant,
    Programme,
    Run,
)
from skola.services.groups.rules import Learner
from skola.services.groups.wording import contract_text

LEARNER = "Edgars"
"""The persona who has a seat in the group that is under way."""
TRAINER = "Juris"
"""The persona who leads groups from outside."""
OVER, SEATS = 10, 12
_PROGRAMMES = (
    ("Grāmatvedības pamati", 80, 42_000),
    ("Lietvedība un arhīvs", 40, 26_000),
    ("Projektu vadība", 48, 36_000),
    ("Personāla vadība", 32, 24_000),
)
_TEXT = (
    "Praktiskas nodarbības vakaros, mazā grupā.\n\n- uzdevumi no uzņēmumu ikdienas\n"
    "- materiāli paliek Jums\n- noslēgumā izglītības dokuments"
)
_TERMS = (
    "Maksu var sadalīt divās daļās.\n\nNo līguma var atkāpties rakstiski; par notikušām "
    "nodarbībām samaksātais netiek atmaksāts."
)
_CODE_REASON = "Personas kodu prasa noteikumi par profesionālās pilnveides izglītības apliecību."
_WORDS = ("", "", "Strādāju ar to ikdienā.", "Vai var maksāt divās daļās?", "Esmu iesācējs.")


@dataclass(frozen=True)
class _Plan:
    """A group to be."""

    programme: Programme
    number: int
    starts_on: date
    published: bool = True
    seats: int = SEATS


def populate(tenant_slug: str, people: Sequence[Person], random: Random, now: datetime) -> None:
    """Make the groups of the speaking tenant, if its policy switches them on."""
    if not has(queries.CAPABILITY, now=now):
        return
    working = set(Role.objects.held_at(now).values_list("person_id", flat=True))
    learners = [one for one in people if one.pk not in working and one.given_name != TRAINER]
    if not learners:
        return
    programmes = Programme.objects.bulk_create(
        Programme(
            title=title,
            text=_TEXT,
            hours=hours,
            price_cents=cents,
            terms=_TERMS,
            code_reason=_CODE_REASON if title == _PROGRAMMES[0][0] else "",
            created_at=now - timedelta(days=400),
        )
        for title, hours, cents in _PROGRAMMES
    )
    runs = _runs(programmes, now)
    _meetings(runs)
    past, (running, full, open_, _draft) = runs[:OVER], runs[OVER:]
    told = _Facts()
    for run in past:
        _seats(run, _some(learners, run, random), random, now, told)
    persona = [one for one in learners[:10] if one.given_name == LEARNER]
    beside = _some(learners, running, random, without=persona)
    _seats(running, [*persona, *beside], random, now, told)
    _seats(full, _some(learners, full, random, of=full.seats), random, now, told)
    told.record()
    _codes(running, random, now)
    _day_of_practice(running, now)
    _attendances([*past[-2:], running], random, now)
    _documents(past, random, now)
    _trainer(people, [running, full, open_], now)
    _company(open_, now)
    _leads(full, learners, 3, Application.Stage.WAITING, random, now)
    _leads(open_, learners, 4, Application.Stage.RECEIVED, random, now)


@dataclass(frozen=True)
class _Facts:
    """What is known of people because of their contracts; the latest contract counts."""

    opened: dict[UUID, datetime] = field(default_factory=dict)
    ended: dict[UUID, datetime | None] = field(default_factory=dict)

    def note(self, person: Person, opened: datetime, ended: datetime | None) -> None:
        """A contract of a person, after all those that began before."""
        self.opened.setdefault(person.pk, opened)
        self.ended[person.pk] = ended

    def record(self) -> None:
        """Write it down."""
        record_history(
            [
                *((one, "contract.opened", at, at) for one, at in self.opened.items()),
                *((one, "contract.closed", at, at) for one, at in self.ended.items() if at),
            ],
            [(one, "contract.open", at, self.ended[one]) for one, at in self.opened.items()],
        )


def _runs(programmes: Sequence[Programme], now: datetime) -> list[Run]:
    today = queries.today(now)
    plans = [
        _Plan(
            programmes[n % len(programmes)], n + 1, _tuesday(today - timedelta(days=395 - 34 * n))
        )
        for n in range(OVER)
    ]
    plans += [
        _Plan(programmes[0], OVER + 1, _tuesday(today - timedelta(days=14))),
        _Plan(programmes[1], OVER + 2, _tuesday(today + timedelta(days=12)), seats=6),
        _Plan(programmes[2], OVER + 3, _tuesday(today + timedelta(days=26))),
        _Plan(programmes[3], OVER + 4, _tuesday(today + timedelta(days=60)), published=False),
    ]
    return Run.objects.bulk_create(_run(plan, now) for plan in plans)


def _tuesday(day: date) -> date:
    """Return the Tuesday of a day's week: nobody meets on a Sunday."""
    return day + timedelta(days=2 - day.isoweekday())


def _run(plan: _Plan, now: datetime) -> Run:
    zone = queries.zone(now)
    made = min(now, clock.last_second(plan.starts_on - timedelta(days=60), zone))
    initials = "".join(word[0] for word in plan.programme.title.split()[:2]).upper()
    return Run(
        programme=plan.programme,
        code=f"{initials}-{plan.starts_on:%y}-{plan.number:02d}",
        place="Rīga, Elizabetes iela 1, 4. auditorija",
        starts_on=plan.starts_on,
        ends_on=plan.starts_on + timedelta(days=28),
        apply_until=plan.starts_on - timedelta(days=2),
        seats=plan.seats,
        created_at=made,
        published_at=made if plan.published else None,
    )


def _meetings(runs: Sequence[Run]) -> None:
    Meeting.objects.bulk_create(
        Meeting(run=run, on=run.starts_on + timedelta(days=days), begins=_SIX, ends=_NINE)
        for run in runs
        for days in range(0, 29, 7)
    )


_SIX, _NINE = time(18, 0), time(21, 0)


def _some(
    learners: Sequence[Person],
    run: Run,
    random: Random,
    *,
    without: Sequence[Person] = (),
    of: int = SEATS - 3,
) -> list[Person]:
    """Choose who learns in a run: whoever was there before it began, as far as there are people."""
    there = [
        one
        for one in learners
        if one not in without and one.created_at.date() < run.apply_until - timedelta(days=21)
    ]
    return random.sample(there, min(of, len(there)))


def _seats(run: Run, people: Sequence[Person], random: Random, now: datetime, told: _Facts) -> None:
    zone = queries.zone(now)
    end = clock.last_second(run.ends_on, zone)
    is_over = end < now
    applied, contracts, seats = [], [], []
    text = contract_text(run)
    for person in people:
        first = max(run.created_at, person.created_at)
        at = min(now - timedelta(hours=5), first + timedelta(days=random.randint(1, 15)))
        signed = min(now - timedelta(hours=1), at + timedelta(days=random.randint(1, 4)))
        application = Application(
            run=run,
            person=person,
            stage=Application.Stage.ADMITTED,
            source=Application.Source.ACCOUNT,
            language=person.language,
            notice_version=queries.notice_version(now),
            words=random.choice(_WORDS),
            applied_at=at,
            decided_at=at,
        )
        contract = Contract(
            person=person,
            title=run.programme.title,
            text=text,
            offered_at=at,
            accepted_at=signed,
            evidence=Contract.Evidence.CLICK,
            starts_on=run.starts_on,
            ends_on=run.ends_on,
            closed_at=end if is_over else None,
            ending=Contract.Ending.TERM if is_over else "",
        )
        passed = random.random() < 0.9
        result = Participant.Result.PASSED if passed else Participant.Result.FAILED
        seats.append(
            Participant(
                run=run,
                person=person,
                application=application,
                contract=contract,
                admitted_at=at,
                result=result if is_over else "",
                result_at=end if is_over else None,
            )
        )
        applied.append(application)
        contracts.append(contract)
        told.note(person, signed, end if is_over else None)
    Application.objects.bulk_create(applied)
    Contract.objects.bulk_create(contracts)
    Participant.objects.bulk_create(seats)


def _leads(
    run: Run, learners: Sequence[Person], count: int, stage: str, random: Random, now: datetime
) -> None:
    """People without an account who wait for an answer."""
    leads, made = [], []
    for number in range(count):
        name = random.choice(learners)
        at = now - timedelta(days=number + 1, hours=random.randint(1, 9))
        lead = Person(
            given_name=name.given_name,
            family_name=name.family_name,
            email=f"applicant{run.code[-2:]}{number}@example.org",
            phone=f"+371 2{random.randint(1_000_000, 9_999_999)}",
            language=name.language,
            source="application",
            created_at=at,
        )
        leads.append(lead)
        made.append(
            Application(
                run=run,
                person=lead,
                stage=stage,
                source=Application.Source.SITE,
                language=lead.language,
                notice_version=queries.notice_version(now),
                words=random.choice(_WORDS),
                applied_at=at,
            )
        )
    Person.objects.bulk_create(leads)
    Application.objects.bulk_create(made)


def _codes(run: Run, random: Random, now: datetime) -> None:
    """Most gave their national code; these have the form of Latvian ones that tell no birthday."""
    for seat in run.participants.order_by("pk")[:6]:
        told = f"32{random.randint(1_000, 9_999)}-{random.randint(10_000, 99_999)}"
        identity.enter_code(seat, told, by="system", now=seat.admitted_at)


def _day_of_practice(run: Run, now: datetime) -> None:
    """Today's meeting of the group that is under way: its code can be shown all day."""
    topic = "Praktiskā diena"
    day = queries.today(now)
    Meeting.objects.filter(run=run, on=day).delete()
    Meeting.objects.create(run=run, on=day, begins=time(8, 0), ends=time(21, 0), topic=topic)


def _attendances(runs: Sequence[Run], random: Random, now: datetime) -> None:
    """Nine in ten were there; some had no phone with them."""
    zone, made = queries.zone(now), []
    meetings = Meeting.objects.filter(run__in=runs, on__lt=queries.today(now))
    for meeting in meetings.prefetch_related("run__participants"):
        begins, _ends = meeting.spans(zone)
        for seat in meeting.run.participants.all():
            if random.random() < 0.9:
                way = random.choice([Attendance.Way.ACCOUNT] * 4 + [Attendance.Way.STAFF])
                at = begins + timedelta(minutes=random.randint(-10, 15))
                made.append(Attendance(participant=seat, meeting=meeting, way=way, signed_at=at))
    Attendance.objects.bulk_create(made)


def _trainer(people: Sequence[Person], runs: Sequence[Run], now: datetime) -> None:
    """The persona who teaches from outside, under an evaluated contract, and one who waits."""
    named = [one for one in people[:10] if one.given_name == TRAINER]
    if not named:
        return
    zone, today = queries.zone(now), queries.today(now)
    begun = now - timedelta(days=200)
    Cooperation.objects.bulk_create(
        [
            Cooperation(
                person=named[0],
                partner="SIA „Skaidri skaitļi”",
                reference="SL-2026/14",
                starts_on=today - timedelta(days=200),
                ends_on=today + timedelta(days=165),
                recorded_at=begun,
                verdict=Cooperation.Verdict.FIT,
                findings="Atsauksmes no diviem klientiem, datu apstrādes līgums, mācību stunda.",
                evaluated_on=today - timedelta(days=195),
                evaluate_again_on=today + timedelta(days=165),
            ),
            Cooperation(
                person=people[-1],
                partner="SIA „Vadības darbnīca”",
                reference="SL-2026/31",
                starts_on=today - timedelta(days=3),
                ends_on=today + timedelta(days=360),
                recorded_at=now - timedelta(days=3),
            ),
        ]
    )
    Role.objects.bulk_create(
        Role(
            person=named[0],
            kind=Role.Kind.INSTRUCTOR,
            scope=SCOPE,
            scope_id=run.pk,
            starts_at=begun,
            ends_at=clock.last_second(run.ends_on, zone),
        )
        for run in runs
    )


def _company(run: Run, now: datetime) -> None:
    """A company has booked seats, and has not answered yet."""
    facts = companies.CompanyFacts(
        "SIA „Bērzu gatve”",
        "Bērzu iela 4, Jelgava",
        "Dace",
        "Liepa",
        "dace@berzi.example",
        38_000,
        Decimal(21),
    )
    learners = [
        Learner(given, family, f"{given.lower()}@berzi.example")
        for given, family in (("Ilga", "Roze"), ("Gints", "Kalns"), ("Vita", "Egle"))
    ]
    companies.book(
        run,
        facts,
        learners,
        language="lv",
        notice_version=queries.notice_version(now),
        by="demo",
        now=now - timedelta(days=2),
    )


def _documents(past: Sequence[Run], random: Random, now: datetime) -> None:
    """Documents of the groups that are over; those of the last one are not issued yet."""
    if not has(documents.CAPABILITY, now=now):
        return
    zone, made = queries.zone(now), []
    last: dict[str, int] = {}
    seats = Participant.objects.filter(run__in=past[:-1], result="passed")
    for seat in seats.select_related("run__programme", "person").order_by("result_at"):
        run = seat.run
        at = min(now, clock.last_second(run.ends_on, zone) + timedelta(hours=12))
        series = str(at.astimezone(zone).year)
        last[series] = last.get(series, 0) + 1
        seat.document = Document(
            person=seat.person,
            kind=Document.Kind.CERTIFICATE,
            series=series,
            number=last[series],
            check_code=documents.check_code(),
            holder=seat.person.name,
            title=run.programme.title,
            hours=run.programme.hours,
            starts_on=run.starts_on,
            ends_on=run.ends_on,
            signatory="Sanita Roze, mācību daļas vadītāja",
            issued_at=at,
        )
        made.append(seat)
    for seat in random.sample(made, min(2, len(made))):
        assert seat.document is not None
        seat.document.annulled_at = now - timedelta(days=3)
        seat.document.annulled_because = "Izsniegts ar kļūdu."
    Document.objects.bulk_create(seat.document for seat in made if seat.document)
    Participant.objects.bulk_update(made, ["document"])
    Series.objects.bulk_create(Series(name=name, last=number) for name, number in last.items())
