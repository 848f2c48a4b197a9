"""The page What if, as officers meet it."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from skola.ground import clock
from skola.ground.people.models import Account, Role, SecurityEvent
from skola.ground.people.tests import make
from skola.promises.policy.load import load
from skola.promises.policy.source import LARGEST
from skola.promises.retention.api import clockworks, promises_in_force
from skola.promises.simulation import words
from skola.promises.simulation.change import channels, earliest_binding
from skola.promises.simulation.rules import Telling

PAGE = "/office/promises/what-if/"
FILE = next((Path(__file__).parents[4] / "policies" / "ilearn").glob("*.toml"))
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
Enter = Callable[[str], Account]


@pytest.fixture
def enter(sign_in: Callable[[Account], Account]) -> Enter:
    """Sign somebody in who holds one role."""

    def inner(kind: str) -> Account:
        account = make.account()
        Role.objects.create(person=account.person, kind=kind, starts_at=clock.now())
        return sign_in(account)

    return inner


def numbers(client: Client, **changed: str) -> dict[str, str]:
    """The form of numbers as the page shows it, with some of them changed."""
    page = client.get(PAGE).content.decode()
    form = page[page.index('name="form" value="numbers"') :].partition("</form>")[0]
    told = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form))
    for name, options in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', form, re.S):
        (told[name],) = re.findall(r'value="([^"]+)" selected', options)
    for name, value in re.findall(r'<input type="number" name="([^"]+)" value="(\d+)"', form):
        told[name] = value
    return {**told, "form": "numbers", "years": "3", **changed}


def changed_file(was: str = 'period = "3 months", after = "call', becomes: str = "") -> bytes:
    """The policy in force with one thing changed."""
    text = FILE.read_text()
    assert was in text
    return text.replace(was, becomes or 'period = "1 month", after = "call').encode()


def sent(client: Client, content: bytes) -> tuple[int, str]:
    file = SimpleUploadedFile("changed.toml", content)
    answer = client.post(PAGE, {"form": "file", "years": "3", "file": file})
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize("kind", ["administrator", "officer"])
def test_officers_find_it_among_their_tabs(client: Client, enter: Enter, kind: str) -> None:
    enter(kind)

    page = client.get(PAGE).content.decode()

    assert f'<a href="{PAGE}" aria-current="page">' in page
    assert 'name="calls__at_most"' in page


@pytest.mark.parametrize("kind", ["learner", "support", "finance"])
def test_for_others_it_does_not_exist(client: Client, enter: Enter, kind: str) -> None:
    enter(kind)

    assert client.get(PAGE).status_code == 404
    assert client.post(PAGE, {"form": "numbers"}).status_code == 404


def test_one_number_changed_shows_what_would_go_earlier(client: Client, enter: Enter) -> None:
    account = enter("officer")
    for days in (100, 200):
        at = clock.now() - timedelta(days=days)
        SecurityEvent.objects.create(person=account.person, kind="signed-in", at=at)
    kept = SecurityEvent.objects.count()
    form = numbers(client, security__at_most="1")
    key = next(name for name in form if name.startswith("security") and name.endswith("at_most"))
    unit = {key: "150", f"{key}__unit": "day"}

    page = client.post(PAGE, {**form, **unit}).content.decode()

    assert f"{kept} parts of" in page
    assert "150 days" in page
    assert 'role="img"' in page
    assert SecurityEvent.objects.count() == kept


def test_nothing_changed_says_so(client: Client, enter: Enter) -> None:
    enter("officer")

    answer = client.post(PAGE, numbers(client))

    assert answer.status_code == 200
    assert "Nothing would go at another moment." in answer.content.decode()
    assert "No rule changes." in answer.content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("calls__at_most", "0"),
        ("calls__at_most", ""),
        ("calls__at_most", "999999"),
        ("years", "13"),
    ],
)
def test_a_number_that_makes_no_sense_is_refused_at_its_field(
    client: Client, enter: Enter, field: str, value: str
) -> None:
    enter("officer")

    answer = client.post(PAGE, numbers(client, calls__at_most__unit="year", **{field: value}))

    assert answer.status_code == 422
    assert f'href="#id_{field}"' in answer.content.decode()
    assert "Month by month" not in answer.content.decode()


@pytest.mark.parametrize(
    ("tenant_", "notice"), [("learnifier", "30 working days"), ("ekool", "1 month")]
)
def test_it_says_which_notice_has_to_run_first(tenant_: str, notice: str) -> None:
    policy = load(next((FILE.parents[1] / tenant_).glob("*.toml")))
    said = Telling(NOW, NOW, NOW, policy.change.notice, channels(policy), 0, 0, 0)

    assert words.notice(said) == notice
    assert earliest_binding(policy, NOW) > NOW + timedelta(days=20)


@pytest.mark.tenant("ekool")
def test_a_number_below_the_law_is_told_in_the_words_of_the_check(
    client: Client, enter: Enter
) -> None:
    enter("officer")

    page = client.post(PAGE, numbers(client, invoices__at_least="1")).content.decode()

    assert "Law P015" in page
    assert "1 year is shorter than the 7 years" in page


def test_a_file_is_simulated_and_nothing_of_it_is_kept(
    client: Client, enter: Enter, tmp_path: Path
) -> None:
    enter("officer")
    before = sorted(path for path in FILE.parent.iterdir())

    status, page = sent(client, changed_file())

    assert status == 200
    assert "<del>3 months</del> <ins>1 month</ins>" in page
    assert sorted(path for path in FILE.parent.iterdir()) == before


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe", "is not UTF-8"),
        (b"not = = toml", "not TOML"),
        (b"", "The submitted file is empty"),
        (b"x = 1\n", "unknown key"),
        (changed_file('tenant = "ilearn"', 'tenant = "kic"'), "not of &#34;ilearn&#34;"),
        (changed_file('"3 months"', '"a while"'), "a term without a number"),
        (b"#" * (LARGEST + 1), "more than one megabyte"),
    ],
)
def test_a_bad_file_is_refused_in_the_words_of_the_check(
    client: Client, enter: Enter, content: bytes, said: str
) -> None:
    enter("officer")

    status, page = sent(client, content)

    assert status == 422
    assert said in page or said in page.replace("&quot;", "&#34;")
    assert "Month by month" not in page


def test_pasted_text_does_the_same(client: Client, enter: Enter) -> None:
    enter("officer")

    form = {"form": "file", "years": "3", "text": changed_file().decode()}

    assert "<ins>1 month</ins>" in client.post(PAGE, form).content.decode()


def test_more_people_do_not_mean_more_questions(
    client: Client,
    enter: Enter,
    now: datetime,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    enter("officer")
    form = numbers(client, calls__at_most="1")
    parts = len(clockworks(promises_in_force(now)))
    with django_assert_max_num_queries(parts + 20) as first:
        client.post(PAGE, form)
    for _ in range(3):
        make.account()

    with django_assert_max_num_queries(len(first)):
        client.post(PAGE, form)
