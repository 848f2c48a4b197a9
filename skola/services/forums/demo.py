"""Forums, invented: learners ask each other, the house tells, somebody goes too far."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from skola.ground.people.api import Person, Role
from skola.promises.policy.api import has, in_force
from skola.services.courses import api as courses
from skola.services.forums import actions
from skola.services.forums.models import Byline, Forum, Post
from skola.services.forums.queries import BLOGGING, OF_COURSES, OPEN
from skola.services.forums.rules import Kind, Reads

BY = "skola demo"


@dataclass(frozen=True)
class Words:
    """What is said in one language."""

    rules: str
    board: str
    about: str
    topics: tuple[tuple[str, str, str], ...]
    """Title, question, answer."""
    blog: str
    told: tuple[tuple[str, str, str], ...]
    chat: str
    lines: tuple[str, ...]
    rude: str
    course: str
    asked: tuple[str, str, str]


SWEDISH = Words(
    rules="Var vänlig och håll dig till ämnet. Ingen reklam. Lämna inga kontaktuppgifter.",
    board="Fråga varandra",
    about="Frågor och svar mellan dem som bygger och går kurser.",
    topics=(
        (
            "Hur långt får ett avsnitt vara?",
            "Mina lektioner tar ungefär tjugo minuter. Är det för mycket?",
            "Vi delade våra i tre delar om sju minuter. Fler gick klart kursen.",
        ),
        (
            "Påminnelser till deltagare",
            "När påminner ni den som inte har börjat?",
            "Efter en vecka, och sedan aldrig mer än en gång i månaden.",
        ),
    ),
    blog="Nytt från verkstaden",
    told=(
        (
            "Textning av film",
            "En film utan textning går inte längre att publicera. Så här lägger du till den.",
            "Tack, det har jag väntat på!",
        ),
        ("Vinterns öppettider", "Supporten svarar vardagar till klockan 16 fram till januari.", ""),
    ),
    chat="Fikarummet",
    lines=("God morgon! Någon som provat omgångar?", "Ja, två stycken. Det går bra.", "Fint!"),
    rude="Den frågan var dum.",
    course="Frågor om kursen",
    asked=(
        "Uppgiften i andra lektionen",
        "Menas det att båda svaren kan vara rätt?",
        "Nej, ett är rätt. Jag skriver om frågan.",
    ),
)
LATVIAN = Words(
    rules="Esiet laipni un turieties pie temata. Bez reklāmas. Nerakstiet kontaktinformāciju.",
    board="Jautājiet cits citam",
    about="Jautājumi un atbildes tiem, kas veido un apgūst kursus.",
    topics=(
        (
            "Cik gara drīkst būt nodarbība?",
            "Manas nodarbības aizņem divdesmit minūtes. Vai tas nav par daudz?",
            "Mēs savējās sadalījām trīs daļās. Kursu pabeidza vairāk cilvēku.",
        ),
    ),
    blog="Jaunumi",
    told=(("Subtitri", "Video bez subtitriem vairs nevar publicēt.", "Paldies!"),),
    chat="Kafijas pauze",
    lines=("Labrīt! Vai kāds jau sācis otro nodaļu?", "Jā, vakar vakarā."),
    rude="Muļķīgs jautājums.",
    course="Jautājumi par kursu",
    asked=(
        "Otrās nodarbības uzdevums",
        "Vai pareizas var būt abas atbildes?",
        "Nē, pareiza ir viena. Jautājumu pārrakstīšu skaidrāk.",
    ),
)
SAID = {"sv": SWEDISH, "lv": LATVIAN}
NAMES = ("Aster", "Bet", "Citron", "Dagg", "Eko", "Fjord", "Glimt", "Havre")


def populate(_service: str, people: Sequence[Person], chance: Random, now: datetime) -> None:
    """Fill the forums that the speaking tenant's policy has, in its language."""
    if not (has(OPEN, now=now) or has(OF_COURSES, now=now)):
        return
    words = SAID.get(in_force(now).policy.policy.authentic, SWEDISH)
    if has(OPEN, now=now):
        _for_everybody(words, people, chance, now)
    if has(OF_COURSES, now=now):
        _of_courses(words, now)


def _for_everybody(words: Words, people: Sequence[Person], chance: Random, now: datetime) -> None:
    began = now - timedelta(days=120)
    board = _forum(Kind.BOARD, words.board, words, Reads.EVERYBODY, began)
    blog = _forum(Kind.BLOG, words.blog, words, Reads.EVERYBODY, began)
    chat = _forum(Kind.CHAT, words.chat, words, Reads.SIGNED_IN, began)
    active = [one for one in people if one.status == "active" and one.birth_on is None]
    writers = chance.sample(active or list(people), 4)
    held = Role.objects.filter(kind__in=BLOGGING).held_at(now).select_related("person")
    first = held.order_by("starts_at", "pk").first()
    teller = first.person if first is not None else writers[0]
    _named([teller, *writers], now)
    for place, (title, question, answer) in enumerate(words.topics):
        who, other = writers[place], writers[place + 1]
        _thread(board, title, question, answer, who, other, now, 3 + 8 * place)
    for place, (title, told, comment) in enumerate(words.told):
        _thread(blog, title, told, comment, teller, writers[place], now, 9 + 20 * place)
    for place, line in enumerate(words.lines):
        actions.write(
            chat, writers[place % 2], body=line, by=BY, now=now - timedelta(minutes=60 - 4 * place)
        )
    asked = Post.objects.filter(forum=board).order_by("written_at").first()
    assert asked is not None
    at = now - timedelta(hours=5)
    rude = actions.write(board, writers[3], body=words.rude, topic=asked.topic, by=BY, now=at)
    told_at = at + timedelta(hours=1)
    actions.report(rude, writers[0], reason="insult", words="", by=BY, now=told_at)


def _of_courses(words: Words, now: datetime) -> None:
    """A board for the two courses that most people take, with a question to who made them."""
    taken = courses.Enrolment.objects.open_at(now).exclude(course__author=None)
    found: dict[object, courses.Enrolment] = {}
    for one in taken.select_related("course__author", "person").order_by("-started_at", "pk")[:60]:
        if one.course is not None and one.course.author_id != one.person_id:
            found.setdefault(one.course_id, one)
    for place, one in enumerate(list(found.values())[:2]):
        assert one.course is not None
        assert one.course.author is not None
        began = now - timedelta(days=60)
        board = _forum(Kind.BOARD, words.course, words, Reads.COURSE, began, one.course)
        _named([one.course.author, one.person], now)
        _thread(board, *words.asked, one.person, one.course.author, now, 2 + 5 * place)


def _forum(
    kind: Kind,
    name: str,
    words: Words,
    reads: Reads,
    at: datetime,
    course: courses.Course | None = None,
) -> Forum:
    about = words.about if kind is Kind.BOARD and course is None else ""
    return actions.open_forum(
        kind=kind,
        name=name,
        about=about,
        rules=words.rules,
        reads=reads,
        course=course,
        by=BY,
        now=at,
    )


def _named(people: Sequence[Person], now: datetime) -> None:
    """Give everybody a name to write under who has none."""
    known = Byline.objects.count()
    for one in people:
        if not Byline.objects.filter(person=one).exists():
            name = NAMES[known % len(NAMES)] + (f" {known}" if known >= len(NAMES) else "")
            actions.choose_name(one, name, by=BY, now=now - timedelta(days=50))
            known += 1


def _thread(
    forum: Forum,
    title: str,
    question: str,
    answer: str,
    who: Person,
    other: Person,
    now: datetime,
    days: int,
) -> None:
    at = now - timedelta(days=days)
    first = actions.write(forum, who, title=title, body=question, by=BY, now=at)
    if answer:
        later = at + timedelta(hours=20)
        actions.write(forum, other, body=answer, topic=first.topic, by=BY, now=later)
