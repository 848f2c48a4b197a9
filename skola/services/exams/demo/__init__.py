"""Exams, invented: one open today, films inside and beyond their term, one exam contested."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from random import Random

from skola.ground.files.api import UNSEALED, next_seal
from skola.ground.people.api import Person, Role
from skola.promises.policy.api import has
from skola.services.exams import queries
from skola.services.exams.actions import contesting, filming, invigilating, making, marking, sitting
from skola.services.exams.actions.making import Query, Words
from skola.services.exams.models import Attempt, Exam, Question, Recording, Sitting

FILM = Path(__file__).with_name("film.webm")
FILM_MS = 4_100
PARTS = 3
BEYOND, INSIDE = timedelta(days=20), timedelta(days=5)
CANDIDATES = 3
"""How many people of the crowd sat at each past date."""
_HOUR, _MINUTE, _DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)


@dataclass(frozen=True)
class _Said:
    title: str
    room: str
    objection: str
    help: str
    questions: tuple[Query, ...]


_WORDS = {
    "lv": _Said(
        "Droša braukšana ar laivu",
        "3. telpa, Brīvības iela 137",
        "Piektajā jautājumā atbildēju pareizi; ierakstā redzams, ka man bija piezīmes par vēju.",
        "Vai drīkstu lietot kalkulatoru?",
        (
            Query("single", "Kurā pusē laivai ir zaļā uguns?", 1, ("labajā", "kreisajā"), ("0",)),
            Query(
                "multiple",
                "Kam laivā jābūt līdzi?",
                2,
                ("glābšanas vestes", "enkurs", "radio ar mūziku"),
                ("0", "1"),
            ),
            Query("number", "Cik metru ir jūras jūdzē?", 1, (), ("1852", "2")),
            Query(
                "short", "Kā sauc mezglu ar cilpu, kas neslīd?", 1, (), ("palštoks", "paltštoks")
            ),
            Query("long", "Kāpēc pirms izbraukšanas jāskatās vēja prognoze?", 5),
        ),
    ),
    "en": _Said(
        "Boating in safety",
        "Room 3",
        "My fifth answer was right.",
        "May I use a calculator?",
        (
            Query("single", "On which side is the green light?", 1, ("right", "left"), ("0",)),
            Query("long", "Why look at the forecast before you sail?", 5),
        ),
    ),
}


def populate(tenant_slug: str, people: Sequence[Person], random: Random, now: datetime) -> None:
    """Make the exams of the speaking tenant, if its policy switches supervised exams on."""
    if not has(queries.CAPABILITY, now=now) or len(people) < 12:
        return
    examiners = [
        one.person
        for one in Role.objects.filter(kind=Role.Kind.EXAMINER).select_related("person")[:2]
    ]
    if len(examiners) < 2:
        return
    said = _WORDS.get(people[0].language, _WORDS["en"])
    exam = _exam(said, now - 40 * _DAY)
    crowd = random.sample(list(people[8:]), min(len(people) - 8, 3 * CANDIDATES))
    beyond, inside = (_date(exam, said, now - since) for since in (BEYOND, INSIDE))
    for person in crowd[:CANDIDATES]:
        _marked(_sat(beyond, person, examiners[0]), examiners[0], points=3)
    contested = _marked(_sat(beyond, people[1], examiners[0]), examiners[0], points=1)
    contesting.contest(contested, text=said.objection, by="demo", now=beyond.starts_at + 10 * _DAY)
    _marked(_sat(inside, people[0], examiners[0]), examiners[0], points=4)
    for person in crowd[CANDIDATES : 2 * CANDIDATES]:
        _sat(inside, person, examiners[0])
    _sat(inside, people[7], examiners[0], way=Attempt.Way.ROOM)
    _open(exam, said, people, crowd[2 * CANDIDATES : 3 * CANDIDATES], examiners[0], now)


def _exam(said: _Said, at: datetime) -> Exam:
    exam = making.draft_exam(Words(said.title, "", 30, 50), by="demo", now=at)
    for query in said.questions:
        making.add_question(exam, query, by="demo", now=at)
    making.publish_exam(exam, by="demo", now=at)
    return exam


def _date(exam: Exam, said: _Said, at: datetime, *, lasts: timedelta = 8 * _HOUR) -> Sitting:
    return making.plan_sitting(
        exam,
        starts_at=at,
        closes_at=at + lasts,
        places=20,
        room=said.room,
        by="demo",
        now=at - 10 * _DAY,
    )


def _place(on: Sitting, person: Person, examiner: Person, way: str = Attempt.Way.CAMERA) -> Attempt:
    at = on.starts_at
    held = sitting.take_place(on, person, way=way, by="demo", now=at - 2 * _DAY)
    sitting.check_identity(held, outcome="confirmed", checker=examiner, by="demo", now=at)
    return held


def _sat(
    on: Sitting, person: Person, examiner: Person, *, way: str = Attempt.Way.CAMERA
) -> Attempt:
    at = on.starts_at + 10 * _MINUTE
    held = _place(on, person, examiner, way)
    days = queries.term_days(on.exam, at)
    held = sitting.begin(held, told_days=days, camera=True, by="demo", now=at)
    if held.is_filmed:
        for source in ("camera", "screen"):
            _film(held, source, at)
    given = {one.pk: _answer(one) for one in on.exam.questions.all()}
    over = at + timedelta(milliseconds=FILM_MS)
    return sitting.hand_in(held, given, by="demo", now=over)


def _answer(question: Question) -> list[str]:
    if question.kind == Question.Kind.LONG:
        return ["Lai zinātu, vai vispār braukt."]
    return list(question.key[:1])


def _film(attempt: Attempt, source: str, at: datetime) -> None:
    recording = Recording.objects.select_related("attempt").get(attempt=attempt)
    take = filming.open_take(recording, source=source, by="demo", now=at)
    whole, seal = FILM.read_bytes(), UNSEALED
    step = -(-len(whole) // PARTS)
    for number in range(PARTS):
        content = whole[number * step : (number + 1) * step]
        seal = next_seal(seal, sha256(content).hexdigest())
        first, last = (FILM_MS * each // PARTS for each in (number, number + 1))
        filming.add_part(take, filming.Part(number, content, first, last, seal), now=at)


def _marked(attempt: Attempt, marker: Person, *, points: int) -> Attempt:
    long = attempt.answers.filter(question__kind=Question.Kind.LONG)
    marks = {one.question_id: marking.Mark(Decimal(points)) for one in long}
    at = attempt.sitting.starts_at + _DAY
    return marking.release_result(attempt, marks, marker=marker, by="demo", now=at)


def _open(
    exam: Exam,
    said: _Said,
    people: Sequence[Person],
    crowd: Sequence[Person],
    examiner: Person,
    now: datetime,
) -> None:
    """A date that is open today, so that one can sit it, one that runs, and one that is to come."""
    _runs(exam, said, crowd, examiner, now)
    today = _date(exam, said, now - _HOUR, lasts=30 * _DAY)
    _place(today, people[0], examiner)
    for person in crowd:
        sitting.take_place(today, person, way=Attempt.Way.ROOM, by="demo", now=now - _HOUR)
    to_come = _date(exam, said, now + 6 * _DAY)
    sitting.take_place(to_come, people[1], way=Attempt.Way.CAMERA, by="demo", now=now)


def _runs(
    exam: Exam, said: _Said, people: Sequence[Person], examiner: Person, now: datetime
) -> None:
    """A date that runs now: one writes, one asks for help, from one nothing has arrived."""
    begun = now - 12 * _MINUTE
    on = _date(exam, said, begun, lasts=3 * _HOUR)
    invigilating.name_invigilators(on, [examiner], by="demo", now=begun)
    days = queries.term_days(exam, begun)
    for number, person in enumerate(people):
        held = _place(on, person, examiner, Attempt.Way.ROOM if number else Attempt.Way.CAMERA)
        held = sitting.begin(held, told_days=days, camera=True, by="demo", now=begun)
        given = {one.pk: _answer(one) for one in list(exam.questions.all())[: number + 1]}
        sitting.save_answers(held, given, now=begun + _MINUTE)
        if held.is_filmed:
            _film(held, "camera", begun)
        if number == 1:
            invigilating.ask_for_help(held, text=said.help, by="demo", now=now - _MINUTE)
