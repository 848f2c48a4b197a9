"""Runs as who leads them sees them: the three ways in, and how everybody stands."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from skola.ground import clock
from skola.ground.people.models import Account, Mail, Person
from skola.ground.people.tests import make as people
from skola.services.academies.tests.make import Founded
from skola.services.courses.models import Course, Enrolment
from skola.services.courses.tests import make as courses
from skola.services.runs.actions import mailing, running
from skola.services.runs.models import MailRule, Participant, Run, RunMail
from skola.services.runs.tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.tenant("learnifier")]
HEAD = "given_name;family_name;email\n"


@pytest.fixture(autouse=True)
def on_the_day(academy: Founded) -> Iterator[make.Travel]:
    """Tests stand on the day of the makers."""
    with ExitStack() as days:
        yield make.Travel(days)


def upload(text: str | bytes) -> dict[str, SimpleUploadedFile]:
    content = text.encode() if isinstance(text, str) else text
    return {"file": SimpleUploadedFile("list.csv", content)}


def names(run: Run) -> list[str]:
    found = Participant.objects.filter(run=run).order_by("person__family_name")
    return [one.person.name for one in found.select_related("person")]


def sealed(page: str) -> str:
    found = re.search(r'name="list" value="([^"]+)"', page)
    assert found
    return unescape(found[1])


def bring(leader: Client, run: Run, text: str) -> Any:
    """A list is shown and confirmed."""
    shown = leader.post(f"/runs/{run.pk}/previews/", upload(text))
    assert shown.status_code == 200, shown.content.decode()
    told = {"list": sealed(shown.content.decode())}
    return leader.post(f"/runs/{run.pk}/lists/", told)


def test_a_run_is_made_of_a_published_course_with_its_two_mails(leader: Client) -> None:
    course = courses.course(title="Svetsning")
    courses.course(title="Draft", state=Course.State.DRAFT)

    page = leader.get("/runs/").content.decode()
    made = leader.post(
        "/runs/",
        {
            "course": str(course.pk),
            "title": "Svetsning, våren",
            "starts_on": "2026-03-02",
            "ends_on": "2026-03-31",
        },
    )

    assert "Svetsning" in page
    assert "Draft" not in page
    run = Run.objects.get()
    assert made["Location"] == f"/runs/{run.pk}/"
    assert run.site == "http://bergslag.learnifier.localhost"
    assert [(one.kind, one.days) for one in MailRule.objects.filter(run=run)] == [
        ("invitation", 0),
        ("reminder", 7),
    ]


def test_by_hand_somebody_is_known_enrolled_and_put_down_once(leader: Client) -> None:
    run = make.run()
    told = {"given_name": "Ola", "family_name": "Berg", "email": "Ola@x.example"}

    for _ in range(2):
        assert leader.post(f"/runs/{run.pk}/participants/", told).status_code == 302

    (one,) = Participant.objects.all()
    assert (one.person.name, one.person.email, one.way) == ("Ola Berg", "ola@x.example", "hand")
    assert one.person.source == "client"
    assert Enrolment.objects.get(person=one.person).course_id == run.course_id
    assert not Account.objects.get(person=one.person).has_usable_password()


def test_a_list_changes_nothing_before_it_is_confirmed_and_is_applied_once(leader: Client) -> None:
    run = make.run()
    make.participant(run, 7, family_name="There", email="there@x.example")
    known = people.account(email="known@x.example")
    text = HEAD + (
        "Ny;Ett;ny@x.example\nKnown;Other;known@x.example\nT;There;there@x.example\nBad;One;nix\n"
    )

    shown = leader.post(f"/runs/{run.pk}/previews/", upload(text))
    page = shown.content.decode()

    assert names(run) == ["Ola There"]
    assert "has no e-mail address" in page
    told = {"list": sealed(page)}
    assert leader.post(f"/runs/{run.pk}/lists/", told).status_code == 302
    assert leader.post(f"/runs/{run.pk}/lists/", told).status_code == 302
    assert sorted(names(run)) == sorted(["Ny Ett", known.person.name, "Ola There"])
    assert run.lists.count() == 1


def test_a_list_that_was_overtaken_is_shown_anew(leader: Client) -> None:
    run = make.run()
    text = HEAD + "Ett;Ett;ett@x.example\nTvå;Två;tva@x.example\n"
    page = leader.post(f"/runs/{run.pk}/previews/", upload(text)).content.decode()
    make.participant(run, 1, given_name="Ett", family_name="Ett", email="ett@x.example")

    late = leader.post(f"/runs/{run.pk}/lists/", {"list": sealed(page)})

    assert late.status_code == 409
    assert names(run) == ["Ett Ett"]
    again = leader.post(f"/runs/{run.pk}/lists/", {"list": sealed(late.content.decode())})
    assert again.status_code == 302
    assert names(run) == ["Ett Ett", "Två Två"]


def test_a_list_that_is_forged_or_for_another_run_changes_nothing(leader: Client) -> None:
    run, other = make.run(), make.run(title="Other")
    text = HEAD + "Ett;Ett;ett@x.example\n"
    page = leader.post(f"/runs/{run.pk}/previews/", upload(text)).content.decode()

    for told in ({}, {"list": "forged"}, {"list": sealed(page)}):
        assert leader.post(f"/runs/{other.pk}/lists/", told).status_code == 302

    assert not Participant.objects.exists()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\xff\xfe\x00", "not in UTF-8"),
        (b"name;email\nx;y", "lacks these columns"),
        (HEAD.encode(), "nobody on the list"),
    ],
)
def test_a_file_that_is_no_list_says_why(leader: Client, content: bytes, says: str) -> None:
    run = make.run()
    answer = leader.post(f"/runs/{run.pk}/previews/", upload(content))
    assert answer.status_code == 422
    assert says in answer.content.decode()


def test_taking_a_list_back_leaves_who_has_begun_and_forgets_who_came_by_it(
    leader: Client,
) -> None:
    run = make.run()
    known = people.account(email="known@x.example")
    text = HEAD + "Ett;Ett;ett@x.example\nTvå;Två;tva@x.example\nK;K;known@x.example\n"
    bring(leader, run, text)
    begun = Participant.objects.get(person__email="ett@x.example")
    make.did(begun, 0)
    applied = run.lists.get()

    for _ in range(2):
        assert leader.post(f"/runs/{run.pk}/lists/{applied.pk}/withdrawals/").status_code == 302

    assert names(run) == ["Ett Ett"]
    assert not Person.objects.filter(email="tva@x.example").exists()
    assert Person.objects.filter(pk=known.person_id).exists()
    assert not Enrolment.objects.filter(person=known.person).exists()


def open_link(leader: Client, run: Run, **told: str) -> str:
    values = {"is_open": "on", "password": "vårkurs", "limit": "2", **told}
    assert leader.post(f"/runs/{run.pk}/link/", values).status_code == 302
    page = leader.get(f"/runs/{run.pk}/ways/").content.decode()
    found = re.search(r"<code>http://[^/]+(/runs/join/[^<]+)</code>", page)
    assert found
    return found[1]


def person(number: int, password: str = "vårkurs") -> dict[str, str]:
    row = make.row(number)
    return {
        "given_name": row.given_name,
        "family_name": row.family_name,
        "email": row.email,
        "password": password,
    }


def test_the_link_lets_in_by_password_up_to_its_limit(leader: Client, academy: Founded) -> None:
    run = make.run()
    address = open_link(leader, run)
    visitor = Client(HTTP_HOST=academy.host)

    assert visitor.get(address).status_code == 200
    wrong = visitor.post(address, person(1, "nothing"))
    assert wrong.status_code == 422
    assert "not the password" in wrong.content.decode()
    for number in (1, 1, 2):
        there = visitor.post(address, person(number))
        assert there.status_code == 302
        assert visitor.get(there["Location"]).status_code == 200
    full = visitor.post(address, person(3))
    assert full.status_code == 410

    assert len(names(run)) == 2
    assert set(Participant.objects.values_list("way", flat=True)) == {"link"}


def test_the_link_ends_on_its_day_and_when_it_is_closed(
    leader: Client, academy: Founded, on_the_day: make.Travel
) -> None:
    run = make.run()
    address = open_link(leader, run, ends_on="2026-03-03")
    visitor = Client(HTTP_HOST=academy.host)

    on_the_day.move_to(make.NOW.replace(day=3, hour=22))  # 23:00 in Stockholm
    assert visitor.post(address, person(1)).status_code == 302
    on_the_day.move_to(make.NOW.replace(day=3, hour=23))
    assert visitor.post(address, person(2)).status_code == 410
    running.set_link(
        run, is_open=False, password="", limit=5, ends_on=None, by="staff", now=make.NOW
    )
    assert visitor.get(address).status_code == 410
    assert len(names(run)) == 1


def test_a_link_without_a_password_does_not_open(leader: Client) -> None:
    run = make.run()
    answer = leader.post(f"/runs/{run.pk}/link/", {"is_open": "on", "limit": "5", "password": ""})
    assert answer.status_code == 422
    assert "anybody could come in" in answer.content.decode()


def test_who_is_behind_is_seen_and_found_whatever_the_size(
    leader: Client, django_assert_max_num_queries: Any, on_the_day: make.Travel
) -> None:
    course = courses.course(lessons=(4,))
    run = make.run(course)
    for number in range(1, 5):
        one = make.participant(run, number)
        if number > 1:
            make.did(one, number - 1)
    Enrolment.objects.filter(person__family_name="Nr 4").update(finished_at=make.NOW)
    on_the_day.move_to(make.NOW + timedelta(days=16))  # two of four lessons are due
    leader.get("/")

    with django_assert_max_num_queries(8):
        page = leader.get(f"/runs/{run.pk}/").content.decode()
    for stands, shown in (
        ("not-begun", ["Nr 1"]),
        ("behind", ["Nr 2"]),
        ("on-the-way", ["Nr 3"]),
        ("done", ["Nr 4"]),
        ("late", []),
    ):
        with django_assert_max_num_queries(8):
            chosen = leader.get(f"/runs/{run.pk}/?stands={stands}").content.decode()
        assert re.findall(r"Nr \d Ola<br>", chosen) == [f"{name} Ola<br>" for name in shown]
    assert len(re.findall(r"Nr \d Ola<br>", page)) == 4
    on_the_day.move_to(make.NOW + timedelta(days=31))
    late = leader.get(f"/runs/{run.pk}/?stands=late").content.decode()
    assert len(re.findall(r"Nr \d Ola<br>", late)) == 3


def test_other_pages_ask_little_whatever_the_size(
    leader: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(3):
        run = make.run(title=f"Run {number}")
        for each in range(3):
            make.participant(run, each)
    mailing.send_due(now=make.NOW)
    leader.get("/")
    for path in ("/runs/", f"/runs/{run.pk}/ways/", f"/runs/{run.pk}/mails/"):
        with django_assert_max_num_queries(8):
            assert leader.get(path).status_code == 200


def test_removing_somebody_takes_their_progress_but_not_that_of_another_run(
    leader: Client,
) -> None:
    course = courses.course()
    first, second = make.run(course), make.run(course, title="Second")
    one, same = make.participant(first, 1), make.participant(second, 1)

    leader.post(f"/runs/{first.pk}/participants/{one.pk}/removals/")
    assert Enrolment.objects.filter(person=same.person).exists()
    leader.post(f"/runs/{second.pk}/participants/{same.pk}/removals/")
    assert not Enrolment.objects.filter(person=same.person).exists()
    assert Person.objects.filter(pk=same.person_id).exists()


def test_participants_lead_nothing_and_elsewhere_there_are_no_runs(
    academy: Founded, client: Client, sign_in: Callable[[Account], Account]
) -> None:
    run = make.run()
    one = make.participant(run)
    ordinary = Client(HTTP_HOST=academy.host)
    ordinary.force_login(Account.objects.get(person=one.person))
    for path in ("/runs/", f"/runs/{run.pk}/", f"/runs/{run.pk}/ways/", f"/runs/{run.pk}/mails/"):
        assert ordinary.get(path).status_code == 404
        assert client.get(path).status_code == 404


def test_a_mail_goes_out_once_to_each_whatever_runs_twice(
    leader: Client, on_the_day: make.Travel
) -> None:
    run = make.run()
    done = make.participant(run, 1)
    make.participant(run, 2)
    Enrolment.objects.filter(person=done.person).update(finished_at=make.NOW)

    def sent() -> int:
        before = Mail.objects.count()
        mailing.send_due(now=clock.now())
        return Mail.objects.count() - before

    assert sent() == 1
    assert sent() == 0
    on_the_day.move_to(make.NOW + timedelta(days=21))
    assert sent() == 0
    on_the_day.move_to(make.NOW + timedelta(days=22))
    assert sent() == 1
    assert sent() == 0
    rule = MailRule.objects.get(run=run, kind="reminder")
    leader.post(f"/runs/{run.pk}/mails/{rule.pk}/removals/")
    leader.post(f"/runs/{run.pk}/mails/", {"days": "7", "words": "Kom igen!"})
    assert sent() == 0
    leader.post(f"/runs/{run.pk}/mails/", {"days": "1", "words": "Kom igen!"})
    on_the_day.move_to(make.NOW + timedelta(days=28))
    assert sent() == 1
    assert "Kom igen!" in Mail.objects.order_by("-created_at")[0].text
    on_the_day.move_to(make.NOW + timedelta(days=40))
    make.participant(run, 3)
    assert sent() == 0
    page = leader.get(f"/runs/{run.pk}/mails/").content.decode()
    assert page.count("<td") >= 3 * RunMail.objects.count() == 9
