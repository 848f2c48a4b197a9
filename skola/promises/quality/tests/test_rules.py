"""Who looks like one person."""

from datetime import date
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from skola.promises.quality.rules import Face, digits, duplicates, folded

BORN = date(1990, 5, 1)


def face(number: int, name: str = "Anna Bērziņa", **told: object) -> Face:
    return Face(UUID(int=number), name, **told)  # type: ignore[arg-type]


def pairs(*faces: Face) -> set[tuple[int, int]]:
    return {(one.int, other.int) for one, other in duplicates(faces)}


def test_one_name_in_two_spellings_and_one_more_thing_in_common_is_one_person() -> None:
    same_day = [face(1, birth_on=BORN), face(2, "anna  BERZINA", birth_on=BORN)]
    same_mail = [face(3, email="A@example.org"), face(4, birth_on=BORN, email="a@example.org")]
    same_phone = [face(5, phone="+371 2000 0001"), face(6, phone="20000001")]

    assert pairs(*same_day) == {(1, 2)}
    assert pairs(*same_mail) == {(3, 4)}
    assert pairs(*same_phone) == {(5, 6)}


def test_a_name_alone_two_days_of_birth_and_no_name_are_nobody_twice() -> None:
    twins = [face(1, birth_on=BORN), face(2, "Ilze Bērziņa", birth_on=BORN)]
    father_and_son = [
        face(3, birth_on=BORN, email="a@example.org"),
        face(4, birth_on=date(2015, 5, 1), email="a@example.org"),
    ]
    assert pairs(face(1), face(2)) == set()
    assert pairs(*twins) == set()
    assert pairs(*father_and_son) == set()
    assert pairs(face(1, " ", birth_on=BORN), face(2, "", birth_on=BORN)) == set()


@given(st.text())
def test_a_folded_name_stays_as_it_is(text: str) -> None:
    assert folded(folded(text)) == folded(text)
    assert digits(text) == digits(digits(text))
