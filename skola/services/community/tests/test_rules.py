from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from skola.services.community.rules import Belongs, Hats, Place, Side, is_there, may, ordered

SCHOOL, CLASS, OTHER, GROUP = (UUID(int=n) for n in range(1, 5))
IDS = st.sampled_from([UUID(int=n) for n in range(1, 9)])
SOME = st.frozensets(IDS, max_size=3)
BELONGS = st.builds(Belongs, SOME, SOME, SOME, SOME)
PLACES = st.builds(Place, IDS, st.one_of(st.none(), IDS))


def test_who_teaches_a_subject_reads_what_is_for_the_class_but_not_for_another_subject() -> None:
    teaches = Belongs(frozenset({SCHOOL}), frozenset(), frozenset({CLASS}), frozenset({GROUP}))

    assert is_there(teaches, Place(SCHOOL))
    assert is_there(teaches, Place(SCHOOL, CLASS))
    assert is_there(teaches, Place(SCHOOL, CLASS, GROUP))
    assert not is_there(teaches, Place(SCHOOL, CLASS, UUID(int=99)))
    assert not is_there(teaches, Place(SCHOOL, OTHER))


def test_who_belongs_to_a_class_belongs_to_its_subjects() -> None:
    pupil = Belongs(frozenset({SCHOOL}), frozenset({CLASS}))

    assert is_there(pupil, Place(SCHOOL, CLASS, GROUP))
    assert not is_there(pupil, Place(SCHOOL, OTHER, GROUP))


@given(BELONGS, PLACES)
def test_nobody_reads_as_what_they_are_not(belongs: Belongs, place: Place) -> None:
    hats = Hats({Side.PARENTS: belongs})

    assert may(hats, place, ["parents"]) == is_there(belongs, place)
    assert not may(hats, place, ["pupils", "staff"])
    assert not may(hats, place, [])


def test_sides_are_kept_once_and_in_order() -> None:
    assert ordered(["staff", "pupils", "staff"]) == ["pupils", "staff"]
