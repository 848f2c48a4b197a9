"""Which texts name an operator, and which files of results are taken."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skola.services.networks.rules import Fault, FaultyError, Result, is_named, results_in

TODAY = date(2026, 6, 1)
HEAD = "reference,exam,sat_on,outcome,points\n"
SENT = {"D-1": False, "D-2": False, "D-3": True}


def faults_of(text: str) -> list[tuple[int, Fault]]:
    with pytest.raises(FaultyError) as refused:
        results_in(text, exam="EX-1", candidates=SENT, today=TODAY)
    return refused.value.faults


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Exams are held by SIA Eksperts.", True),
        ("Exams are held by sia\n  eksperts", True),
        ("«SIA Eksperts»", True),
        ("Exams are held by SIA Ekspertsija.", False),
        ("Exams are held by Eksperts.", False),
        ("", False),
    ],
)
def test_a_text_names_an_operator_by_its_whole_name(text: str, named: bool) -> None:
    assert is_named("SIA  Eksperts", text) is named


def test_nobody_is_named_by_an_empty_name() -> None:
    assert not is_named(" ", "Any text.")


@given(st.text(min_size=1).filter(str.split))
def test_a_text_that_is_the_name_names_it(name: str) -> None:
    assert is_named(name, " ".join(name.split()))


@pytest.mark.parametrize("mark", [",", ";"])
def test_a_good_file_gives_its_results(mark: str) -> None:
    text = f"\ufeff{HEAD}D-1,EX-1,2026-05-31,passed,87.5\n\nD-2,EX-1,2026-06-01,failed,\n"

    found = results_in(text.replace(",", mark), exam="EX-1", candidates=SENT, today=TODAY)

    assert found == [
        Result("D-1", date(2026, 5, 31), "passed", Decimal("87.5")),
        Result("D-2", TODAY, "failed", None),
    ]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("D-9,EX-1,2026-05-31,passed,1", Fault.UNKNOWN),
        ("D-3,EX-1,2026-05-31,passed,1", Fault.TWICE),
        ("D-2,EX-2,2026-05-31,passed,1", Fault.EXAM),
        ("D-2,EX-1,2026-06-02,passed,1", Fault.DAY),
        ("D-2,EX-1,yesterday,passed,1", Fault.DAY),
        ("D-2,EX-1,2026-05-31,perhaps,1", Fault.OUTCOME),
        ("D-2,EX-1,2026-05-31,passed,many", Fault.POINTS),
        ("D-2,EX-1,2026-05-31,passed,-1", Fault.POINTS),
        ("D-2,EX-1,2026-05-31,passed,NaN", Fault.POINTS),
        ("D-2,EX-1", Fault.SHAPE),
        ("D-1,EX-1,2026-05-31,passed,1", Fault.TWICE),
    ],
)
def test_one_faulty_line_refuses_the_file_and_is_named(line: str, fault: Fault) -> None:
    assert faults_of(f"{HEAD}D-1,EX-1,2026-05-31,passed,1\n{line}\n") == [(3, fault)]


def test_a_file_without_its_columns_or_results_is_refused() -> None:
    assert faults_of("name,result\n") == [(1, Fault.HEADER)]
    assert faults_of("") == [(1, Fault.HEADER)]
    assert faults_of(HEAD) == [(1, Fault.EMPTY)]
