"""Lists as they come: large, in another encoding, with doubles, with units within themselves."""

import re
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from skola.ground.people.models import Person
from skola.services.workforce.actions.assigning import FEW
from skola.services.workforce.models import Assignment, Employment
from skola.services.workforce.rules.difference import MOST_ROWS
from skola.services.workforce.tests import make
from skola.services.workforce.tests.test_views import address, compare, sealed, text_of

pytestmark = [pytest.mark.usefixtures("tenant", "stand"), pytest.mark.tenant("ema")]
Enter = Callable[..., Person]


def send(client: Client, company: Any, content: bytes) -> Any:
    file = SimpleUploadedFile("people.csv", content)
    return client.post(address("import", company), {"file": file})


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ((make.HEAD + make.line()).encode("utf-16"), "not in UTF-8"),
        ((make.HEAD + "1,Rūta,Žukaitė,,,Vilnius,Cook,").encode("cp1257"), "not in UTF-8"),
        ((make.HEAD + "1,Ru\0ta,Jonaite,,,Vilnius,Cook,").encode(), "signs that no text has"),
        (make.HEAD.encode() + b'1,"Rasa,Jonaite,,,Vilnius,Cook,\n' * 3, "Number, name, unit"),
        (b"PK\x03\x04\xff\xfe", "not in UTF-8"),
    ],
)
def test_what_is_no_list_in_utf_8_is_answered_clearly_and_changes_nothing(
    client: Client, enter: Enter, content: bytes, words: str
) -> None:
    company = make.company(manager=enter())

    page = send(client, company, content)

    assert words in text_of(page)
    assert page.status_code in {200, 422}
    assert not Employment.objects.exists()


def test_every_line_that_is_unclear_says_why_and_the_others_are_applied(
    client: Client, enter: Enter
) -> None:
    company = make.company(manager=enter())
    lines = [
        make.line("1"),
        make.line("2", unit="Vilnius / Warehouse / Vilnius"),
        "3,Ona,Petraitė,,,Vilnius,Driver,",
        "3,Ona,Petraitienė,,,Vilnius,Driver,",
        "4,Jonas,,,,Vilnius,Driver,",
        "5,Jonas,Jonaitis,rasa1@example.org,,Vilnius,Driver,",
        "6,Petras,Petraitis,,,Vilnius,Driver,2026-02-30",
    ]

    page = compare(client, company, *lines)

    said = text_of(page)
    for words in (
        "The unit is within itself.",
        "The number is on the list twice.",
        "Number, name, unit and position must be filled in.",
        "The e-mail address is on the list twice.",
        "“since” is no day.",
    ):
        assert words in said, words
    assert not Employment.objects.exists()


def people(count: int) -> Sequence[str]:
    """So many people, in forty units with seven parts each."""
    return [make.line(str(one), unit=f"Unit {one % 40} / Part {one % 7}") for one in range(count)]


def test_twenty_thousand_lines_with_doubles_are_compared_and_nothing_changes(
    client: Client, enter: Enter
) -> None:
    company = make.company(manager=enter())

    page = compare(client, company, *people(MOST_ROWS - 2), make.line("7"), "x")

    assert page.status_code == 200
    said = text_of(page)
    assert re.search(r"19.997 joined", said)
    assert re.search(r"19.?797 more lines are not shown", said)
    assert "The number is on the list twice." in said
    assert len(sealed(page)) < settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    assert not Employment.objects.exists()


def test_many_are_applied_with_as_many_queries_as_some(client: Client, enter: Enter) -> None:
    counts = []
    for count in (FEW + 10, 2 * FEW):
        company = make.company(manager=enter())
        make.requirement(company, title="First aid")
        page = compare(client, company, *(line.replace("@", f"{count}@") for line in people(count)))
        with CaptureQueriesContext(connection) as asked:
            done = client.post(address("lists", company), {"list": sealed(page)})
        counts.append(len(asked))
        assert done.status_code == 302
        assert Employment.objects.filter(company=company).count() == count
        assert Assignment.objects.filter(employment__company=company).count() == count
    assert counts[0] == counts[1]


def test_a_list_that_could_not_come_back_to_be_confirmed_is_refused(
    client: Client, enter: Enter
) -> None:
    company = make.company(manager=enter())
    chance = Random(1)
    noise = "".join(chr(chance.randint(0x4E00, 0x9FFF)) for _ in range(500_000))

    page = send(client, company, (make.HEAD + f"1,Rasa,Jonaite,,,Vilnius,{noise},").encode())

    assert page.status_code == 422
    assert "too large to be confirmed" in text_of(page)


def test_a_list_that_is_too_long_is_refused_whole(client: Client, enter: Enter) -> None:
    company = make.company(manager=enter())

    page = compare(client, company, *people(MOST_ROWS + 1))

    assert page.status_code == 422
    assert "longer than 20000 lines" in text_of(page)
