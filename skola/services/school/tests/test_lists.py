"""Lists of pupils: every line has an answer, and nothing changes before it is confirmed."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from skola.ground.audit.models import Entry
from skola.ground.lists import ListError
from skola.ground.people.models import Person
from skola.ground.people.tests import make as people
from skola.services.school import actions, pupil_list
from skola.services.school.models import Pupil, School, SchoolClass
from skola.services.school.pupil_list import Kind, Why, decode, difference, read
from skola.services.school.tests import make

Enter = Callable[[Person], Client]
HEAD = "given_name;family_name;birth_on;email;class\n"
TODAY = date(2026, 3, 2)


def told(*lines: str, **known: dict[str, str]) -> list[tuple[Kind, Why | None]]:
    """What becomes of each line where there are the classes 7.B and 8.A."""
    rows = read(HEAD + "\n".join(lines))
    found = difference(
        rows,
        classes=["7.B", "8.A"],
        places={("mari mets", "2012-05-04"): "7.B"},
        addresses=known.get("addresses", {}),
        today=TODAY,
    )
    return [(one.kind, one.why) for one in found.lines]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("Mari;;2012-05-04;;7.B", Why.MISSING),
        ("M\u00c3\u00a4rt;Mets;2012-05-04;;7.B", Why.GARBLED),
        ("M\ufffdrt;Mets;2012-05-04;;7.B", Why.GARBLED),
        ("M\x00rt;Mets;2012-05-04;;7.B", Why.GARBLED),
        (f"{'M' * 81};Mets;2012-05-04;;7.B", Why.TOO_LONG),
        ("Ants;Mets;2012-13-04;;7.B", Why.BAD_DAY),
        ("Ants;Mets;4.5;;7.B", Why.BAD_DAY),
        ("Ants;Mets;2027-01-01;;7.B", Why.BAD_DAY),
        ("Ants;Mets;1900-01-01;;7.B", Why.BAD_DAY),
        ("Ants;Mets;2012-05-04;ants;7.B", Why.BAD_ADDRESS),
        ("Ants;Mets;2012-05-04;;7.C", Why.NO_CLASS),
        ("Mari;Mets;2012-05-04;;8.A", Why.OTHER_CLASS),
        ("Ants;Mets;2012-05-04;taken@example.org;7.B", Why.ADDRESS_TAKEN),
    ],
)
def test_a_line_that_is_unclear_says_why(line: str, why: Why) -> None:
    assert told(line, addresses={"taken@example.org": "Tiit Tamm"}) == [(Kind.UNCLEAR, why)]


def test_doubles_are_left_out_both() -> None:
    lines = ("Ants;Mets;2012-05-04;;7.B", "ants;METS;04.05.2012;;8.A", "Anu;Mets;2012-05-04;;7.B")
    assert told(*lines) == [(Kind.UNCLEAR, Why.TWICE)] * 2 + [(Kind.NEW, None)]
    same = ("Ants;Mets;2012-05-04;a@example.org;7.B", "Anu;Mets;2012-05-04;A@example.org;7.B")
    assert told(*same) == [(Kind.UNCLEAR, Why.ADDRESS_TWICE)] * 2


def test_who_is_there_is_passed_over_and_who_is_known_is_taken() -> None:
    lines = ("Mari;Mets;04.05.2012;;7.B", "Ants;Mets;;ants@example.org;7.B")

    found = told(*lines, addresses={"ants@example.org": "Ants Mets"})

    assert found == [(Kind.THERE, None), (Kind.KNOWN, None)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "columns"),
        ("name,class\nMari,7.B", "columns"),
        ("given_name,family_name,class,class\nMari,Mets,7.B,7.B", "column-twice"),
        (HEAD, "empty"),
        (HEAD + "x" * 200_000, "csv"),
        (HEAD + "a;b;;;c\n" * 20_001, "long"),
    ],
)
def test_a_list_that_cannot_be_read_says_why(text: str, code: str) -> None:
    with pytest.raises(ListError) as problem:
        read(text)
    assert problem.value.code == code


def test_files_are_read_in_utf8_and_in_utf16_with_a_mark() -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        (row,) = read(decode((HEAD + "Tõnis;Mägi;;;7.B").encode(encoding)))
        assert row.name == "Tõnis Mägi"
    with pytest.raises(ListError):
        decode("Tõnis".encode("cp1257"))


def test_twenty_thousand_lines_have_an_answer_each() -> None:
    lines = [f"Mari {n};Mets {n};2012-05-04;;7.B" for n in range(19_998)]

    found = told(*lines, "Mari 0;Mets 0;2012-05-04;;7.B", "Mari;Mets;x;;7.B")

    assert len(found) == 20_000
    assert [n for n, one in enumerate(found) if one[0] is Kind.UNCLEAR] == [0, 19_998, 19_999]


@given(st.text(max_size=300))
def test_whatever_is_pasted_has_an_answer(text: str) -> None:
    try:
        rows = read(HEAD + text)
    except ListError:
        return
    found = difference(rows, classes=["7.B"], places={}, addresses={}, today=TODAY)
    assert len(found.lines) == len(rows)


# ---- from outside --------------------------------------------------------------------------------

outside = [pytest.mark.usefixtures("tenant", "stand"), pytest.mark.tenant("ekool")]


def head_of(where: School) -> Person:
    person = people.account().person
    actions.name_administrator(where, person, by="staff", now=make.A_DAY)
    return person


def sealed(page: str) -> str:
    found = re.search(r'name="list" value="([^"]+)"', page)
    assert found is not None
    return found[1]


class TestOutside:
    pytestmark = outside

    def test_nothing_changes_before_it_is_confirmed(self, client_of: Enter) -> None:
        where = make.school()
        make.school_class(where, "7.B", pupils=1)
        known = people.person(given_name="Ants", family_name="Mets")
        client = client_of(head_of(where))
        text = HEAD + "\n".join(
            [
                "Tõnis;Mägi;2012-05-04;;7.B",
                f"Ants;Mets;;{known.email};7.B",
                "Mari 00;Mets;04.05.2012;;7.B",
                "Anu;Mets;2012-05-04;;9.C",
            ]
        )
        counts = Person.objects.count(), Pupil.objects.count(), Entry.objects.count()

        looked = client.post(reverse("school:lists", args=[where.pk]), {"text": text})

        page = looked.content.decode()
        assert looked.status_code == 200
        assert "The school has no such class this year." in page
        assert "Enter 2 pupils" in page
        assert (Person.objects.count(), Pupil.objects.count(), Entry.objects.count()) == counts
        taken = reverse("school:taken-lists", args=[where.pk])
        assert client.post(taken, {"list": sealed(page)}).status_code == 302
        names = set(Pupil.objects.values_list("person__given_name", flat=True))
        assert names == {"Tõnis", "Ants", "Mari 00"}
        assert Person.objects.get(given_name="Tõnis").source == "school"
        assert Person.objects.filter(given_name="Ants").count() == 1
        entry = Entry.objects.get(kind="school.list.taken_over")
        assert entry.detail == {"new": 1, "known": 1, "there": 1, "unclear": 1}
        assert client.post(taken, {"list": sealed(page)}).status_code == 302  # sent twice
        assert Pupil.objects.count() == 3
        assert Entry.objects.filter(kind="school.list.taken_over").count() == 1

    def test_what_changed_meanwhile_is_shown_anew(self, client_of: Enter) -> None:
        where = make.school()
        found = make.school_class(where, "7.B")
        client = client_of(head_of(where))
        text = HEAD + "Ants;Mets;2012-05-04;;7.B\nAnu;Mets;2012-05-04;;7.B"
        page = client.post(reverse("school:lists", args=[where.pk]), {"text": text})
        make.pupil(found, given_name="Ants")

        answer = client.post(
            reverse("school:taken-lists", args=[where.pk]), {"list": sealed(page.content.decode())}
        )

        assert answer.status_code == 409
        assert "Enter 1 pupil" in answer.content.decode()
        assert Pupil.objects.count() == 1

    def test_another_schools_list_and_a_forged_one_change_nothing(self, client_of: Enter) -> None:
        where, other = make.school(), make.school("Kase Kool")
        make.school_class(where, "7.B")
        make.school_class(other, "7.B")
        head = head_of(where)
        client = client_of(head)
        text = HEAD + "Ants;Mets;2012-05-04;;7.B"
        page = client.post(reverse("school:lists", args=[where.pk]), {"text": text})
        told = {"list": sealed(page.content.decode())}

        assert client.post(reverse("school:taken-lists", args=[other.pk]), told).status_code == 404
        actions.name_administrator(other, head, by="staff", now=make.A_DAY)
        client = client_of(head)
        client.post(reverse("school:taken-lists", args=[other.pk]), told)
        mine = reverse("school:taken-lists", args=[where.pk])
        client.post(mine, {"list": told["list"][:-2] + "xx"})
        client.post(mine)
        assert not Pupil.objects.exists()

    def test_a_file_in_another_encoding_is_refused_with_what_to_do(self, client_of: Enter) -> None:
        where = make.school()
        file = SimpleUploadedFile("list.csv", (HEAD + "Tõnis;Mägi;;;7.B").encode("cp1257"))

        answer = client_of(head_of(where)).post(
            reverse("school:lists", args=[where.pk]), {"file": file}
        )

        assert answer.status_code == 422
        assert "Save it as CSV in UTF-8" in answer.content.decode()

    def test_thousands_of_lines_are_looked_at_and_taken_over(self, client_of: Enter) -> None:
        where = make.school()
        for n in range(20):
            make.school_class(where, f"7.{n}")
        lines = [f"Mari {n};Mets {n};2012-05-04;;7.{n % 20}" for n in range(3_998)]
        lines += ["Mari 0;Mets 0;2012-05-04;;7.0", "Mari;Mets;x;;7.1"]
        file = SimpleUploadedFile("list.csv", (HEAD + "\n".join(lines)).encode())
        client = client_of(head_of(where))

        with CaptureQueriesContext(connection) as asked:
            page = client.post(reverse("school:lists", args=[where.pk]), {"file": file})
        assert len(asked) < 25
        text = page.content.decode()
        assert len(text) < 400_000
        assert text.count("The list has this pupil twice.") == 2
        answer = client.post(reverse("school:taken-lists", args=[where.pk]), {"list": sealed(text)})

        assert answer.status_code == 302
        assert Pupil.objects.count() == 3_997
        assert SchoolClass.objects.count() == 20

    def test_only_who_administers_the_school_looks_at_lists(self, client_of: Enter) -> None:
        where = make.school()
        teacher = people.account().person
        make.group(make.school_class(where), teacher)

        for name in ("lists", "taken-lists"):
            address = reverse(f"school:{name}", args=[where.pk])
            assert client_of(teacher).post(address, {"text": HEAD}).status_code == 404


def test_the_kinds_of_a_line_have_words() -> None:
    from skola.services.school.forms import doubt, fault

    assert len({doubt(why) for why in pupil_list.Why}) == len(pupil_list.Why)
    codes = ("large", "encoding", "columns", "column-twice", "csv", "empty", "long")
    assert len({fault(ListError(code, "x")) for code in codes}) == len(codes)
