"""A date that runs: who watches over it, what they see and do, what candidates read of it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from skola.ground import clock
from skola.ground.audit.models import Entry
from skola.ground.people.models import Person
from skola.ground.people.tests.make import account, role
from skola.services.exams import rules
from skola.services.exams.actions import RefusedError, invigilating, sitting
from skola.services.exams.models import Attempt, Note, Recording, Take, Viewing
from skola.services.exams.rules import Need, Standing
from skola.services.exams.tests import make
from skola.services.exams.tests.make import A_DAY, MINUTE

pytestmark = pytest.mark.usefixtures("tenant", "stand")
Enter = Callable[..., Person]
AT_MOST = 8


def at(name: str, key: object) -> str:
    return reverse(f"exams:{name}", args=[key])


def page(client: Client, name: str, key: object) -> str:
    """The words of a page that is there."""
    answer = client.get(at(name, key))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        ({}, Need.WRITING),
        ({"flags": 1}, Need.FLAGGED),
        ({"heard_at": A_DAY - 3 * MINUTE}, Need.OFFLINE),
        ({"heard_at": A_DAY - MINUTE + timedelta(seconds=1)}, Need.WRITING),
        ({"asked_at": A_DAY, "heard_at": A_DAY - 3 * MINUTE}, Need.HELP),
        ({"asked_at": A_DAY - MINUTE, "answered_at": A_DAY}, Need.WRITING),
        ({"begun": False, "papers_wait": True}, Need.LET_IN),
        ({"begun": False}, Need.EXPECTED),
        ({"finished": True, "asked_at": A_DAY}, Need.DONE),
    ],
)
def test_who_needs_somebody_comes_first(told: dict[str, object], wanted: Need) -> None:
    known: dict[str, object] = {
        "papers_wait": False,
        "begun": True,
        "finished": False,
        "asked_at": None,
        "answered_at": None,
        "heard_at": A_DAY,
        "flags": 0,
    }

    assert rules.need(Standing(**{**known, **told}), A_DAY) is wanted  # type: ignore[arg-type]
    assert rules.minutes_silent(A_DAY - 3 * MINUTE, A_DAY) == 3


@pytest.mark.keeps("ilearn-40.d")
def test_an_invigilator_watches_over_who_sits_and_each_candidate_reads_it(
    client: Client, enter: Enter
) -> None:
    on = make.date(hours=1)
    mine = make.begun(on=on)
    other = make.begun(on=on, way="room")
    make.film(mine)
    sitting.save_answers(mine, dict(list(make.answers(mine).items())[:2]), now=A_DAY)
    candidate, watcher = mine.person, enter("examiner")
    assert client.get(at("live", on.pk)).status_code == 404
    assert client.post(at("invigilators", on.pk), {"people": [mine.person.pk]}).status_code == 422
    named = client.post(at("invigilators", on.pk), {"people": [watcher.pk]})
    assert named["Location"] == at("hall", on.pk)
    assert at("live", on.pk) in client.get("/").content.decode()

    with clock.standing_at(A_DAY + 3 * MINUTE):
        shown = page(client, "live", on.pk)
        assert "nothing has arrived for 3 minutes" in shown
        assert "2 of 5" in shown
        assert "in the room" in shown
        film = reverse("files:show", args=[Take.objects.get().file_id])
        assert client.get(film).status_code == 404
        assert client.get(at("watched", mine.pk)).status_code == 404
        before = Entry.objects.count()
        assert client.post(at("looks", mine.pk))["Location"] == at("watched", mine.pk)
        assert Entry.objects.count() == before + 1
        assert client.get(film).status_code == 200
        assert Viewing.objects.get().reason == "live"
        opened = page(client, "watched", mine.pk)
        assert "To tell where the flowers are" not in opened
        client.post(at("tell-all", on.pk), {"text": "Ten minutes are left."})
        client.post(at("tell", mine.pk), {"say-text": "Your camera is dark."})
        client.post(at("flag", mine.pk), {"flag-text": "Somebody came in."})
        assert client.post(at("flag", mine.pk), {"flag-text": ""}).status_code == 422
        assert client.post(at("extend", mine.pk), {"time-minutes": "500"}).status_code == 422
        client.post(at("extend", mine.pk), {"time-minutes": "15", "time-text": "The network."})
        assert "writes, flagged" not in page(client, "live", on.pk)  # offline goes before

        client.force_login(candidate.account)
        said = page(client, "news", mine.pk)
        assert "Your camera is dark." in said
        assert "15 minutes more: The network." in said
        assert "Somebody came in." not in said
        assert client.get(film).status_code == 404
        asked = client.post(
            at("helps", mine.pk), {"text": "May I?"}, headers={"accept": "application/json"}
        )
        assert asked.status_code == 201

        client.force_login(watcher.account)
        assert "asks for help" in page(client, "live", on.pk)
        assert client.post(at("stop", other.pk), {"stop-text": ""}).status_code == 404
        client.post(at("looks", other.pk))
        assert client.post(at("stop", other.pk), {"stop-text": ""}).status_code == 422
        stopped = client.post(at("stop", other.pk), {"stop-text": "The fire alarm."})
        assert stopped["Location"] == at("live", on.pk)

    other.refresh_from_db()
    mine.refresh_from_db()
    assert other.ending == "stopped"
    assert other.finished_at is not None
    assert A_DAY + 3 * MINUTE <= other.finished_at < A_DAY + 4 * MINUTE
    assert mine.ends_at == A_DAY + 75 * MINUTE
    sitting.hand_in(mine, {}, by="candidate", now=A_DAY + 70 * MINUTE)
    with clock.standing_at(A_DAY + 80 * MINUTE):
        assert "does not run now" in page(client, "live", on.pk)
        for name in ("looks", "tell", "flag", "extend", "stop"):
            assert client.post(at(name, mine.pk)).status_code == 404
        client.force_login(candidate.account)
        told = page(client, "attempt", mine.pk)
        for words in ("Somebody came in.", "the invigilator looked at the record", "The network."):
            assert words in told
        assert "to invigilate while it ran" in page(client, "film", mine.pk)
        client.force_login(other.person.account)
        assert "The fire alarm." in page(client, "attempt", other.pk)


def test_only_who_watches_over_a_date_does_anything_there_and_nobody_over_their_own(
    client: Client, enter: Enter
) -> None:
    on = make.date()
    attempt = make.begun(on=on)
    stranger, watcher = account().person, account().person
    role(watcher, "examiner")
    make.watched(on, watcher)
    for act in (invigilating.say, invigilating.flag, invigilating.stop):
        with pytest.raises(RefusedError):
            act(attempt, text="No.", invigilator=stranger, by="x", now=A_DAY)
    with pytest.raises(RefusedError):
        make.watched(on, attempt.person)
    with pytest.raises(RefusedError, match="watch over"):
        make.place(watcher, on=on)
    late = A_DAY + timedelta(hours=2)
    with pytest.raises(RefusedError, match="Nobody writes"):
        invigilating.say_to_all(on, text="Hello.", invigilator=watcher, by="x", now=late)
    assert Note.objects.count() == 0

    enter("examiner")
    assert client.get(at("live", on.pk)).status_code == 404
    assert client.post(at("looks", attempt.pk)).status_code == 404
    make.watched(on)
    assert on.invigilators.count() == 0


def test_the_page_of_a_date_asks_as_much_for_many_as_for_one(client: Client, enter: Enter) -> None:
    on = make.date(places=60)
    make.watched(on, enter("examiner"))
    counted = []
    for _more in range(2):
        for each in range(3):
            attempt = make.begun(on=on)
            make.film(attempt)
            Note.objects.create(attempt=attempt, kind="help", text=f"{each}?", at=A_DAY)
        make.place(on=on, let_in=False)
        client.get(at("live", on.pk))
        with CaptureQueriesContext(connection) as asked:
            assert client.get(at("live", on.pk)).status_code == 200
        counted.append(len(asked))

    assert counted[0] == counted[1] <= AT_MOST


@pytest.mark.keeps("ilearn-40.c")
def test_candidates_are_told_before_what_an_invigilator_sees(client: Client, enter: Enter) -> None:
    filmed = make.place(enter())
    for name in ("attempt", "paper"):
        assert "The invigilator of this date sees" in page(client, name, filmed.pk)
    in_room = make.place(enter(), way="room")
    assert "The invigilator of this date sees" in page(client, "paper", in_room.pk)


def test_the_map_of_questions_knows_what_is_answered_and_what_is_for_later(
    client: Client, enter: Enter
) -> None:
    attempt = make.begun(enter())
    questions = list(attempt.sitting.exam.questions.all())
    told = {f"q-{questions[0].pk}": "1", "later": [str(questions[2].pk), "nonsense"], "maps": "on"}
    client.post(at("answers", attempt.pk), told)

    shown = page(client, "paper", attempt.pk).split('id="map"')[1].split("</nav>")[0]

    links = [one.split(">")[0] for one in shown.split("<a ")[1:]]
    assert ["data-answered" in one for one in links] == [True, False, False, False, False]
    assert ["data-later" in one for one in links] == [False, False, True, False, False]
    assert [one.split('"')[1] for one in links] == [f"#q{one.position}" for one in questions]
    client.post(at("answers", attempt.pk), {f"q-{questions[1].pk}": "1"})
    assert Attempt.objects.get().later == [str(questions[2].pk)]
    assert Recording.objects.get().arrived_at is None
