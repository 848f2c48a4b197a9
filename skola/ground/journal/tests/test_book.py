"""The files: what was written is read back, and whatever else is named and refused."""

import json
import multiprocessing
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import sized
from skola.ground.journal.book import Book, MissingError
from skola.ground.journal.rules import Ending, Event, TamperedError, digest_of_subject

MARCH = datetime(2026, 3, 2, 9, tzinfo=UTC)
APRIL = datetime(2026, 4, 2, 9, tzinfo=UTC)
MAY = datetime(2026, 5, 2, 9, tzinfo=UTC)
SOMEBODY = UUID(int=7)


def event(journal: Book, subject: UUID = SOMEBODY, **detail: str) -> Event:
    return Event(
        tenant=UUID(int=1),
        at=MARCH,
        kind="erasure.granted",
        subject=digest_of_subject(journal.key, subject),
        detail=detail,
        where="1.2/00000001/745",
    )


@pytest.fixture
def journal(tmp_path: Path) -> Book:
    made = Book(tmp_path / "journal")
    made.begin()
    return made


def the_file(journal: Book) -> Path:
    (file,) = journal.folder.glob("*.jsonl")
    return file


def test_what_was_written_is_read_back_in_order(journal: Book) -> None:
    first = journal.append(event(journal, category="contact"), now=MARCH)
    second = journal.append(Ending(of=1, end="granted"), now=APRIL)

    assert Book(journal.folder).lines() == [first, second]
    assert [line.number for line in journal.lines()] == [1, 2]


def test_the_files_tell_nobodys_id(journal: Book) -> None:
    journal.append(event(journal), now=MARCH)

    assert str(SOMEBODY) not in the_file(journal).read_text()
    assert SOMEBODY.hex not in the_file(journal).read_text()


def test_to_begin_twice_keeps_the_first_journal(journal: Book) -> None:
    before = journal.head()
    journal.begin()

    assert Book(journal.folder).head() == before


def test_a_line_that_was_cut_off_is_dropped(journal: Book) -> None:
    kept = journal.append(event(journal), now=MARCH)
    with the_file(journal).open("a") as file:
        file.write('{"n":2,"tenant":"0000')

    assert journal.lines() == [kept]
    after = journal.append(Ending(of=1, end="void"), now=MARCH)
    assert journal.lines() == [kept, after]


def spoil_digit(lines: list[str]) -> list[str]:
    return [lines[0], lines[1].replace("contact", "contract"), *lines[2:]]


def leave_one_out(lines: list[str]) -> list[str]:
    return [lines[0], *lines[2:]]


def swap(lines: list[str]) -> list[str]:
    return [lines[1], lines[0], *lines[2:]]


def blank(lines: list[str]) -> list[str]:
    return [lines[0], "", *lines[1:]]


def rubbish(lines: list[str]) -> list[str]:
    return [lines[0], "[1, 2]", *lines[2:]]


def repeat_key(lines: list[str]) -> list[str]:
    return [lines[0], lines[1].replace('{"at"', '{"kind":"hold.on","at"'), *lines[2:]]


@pytest.mark.parametrize("spoil", [spoil_digit, leave_one_out, swap, blank, rubbish, repeat_key])
def test_a_journal_that_was_changed_is_refused_by_name(journal: Book, spoil: object) -> None:
    for number in range(4):
        journal.append(event(journal, UUID(int=number), category="contact"), now=MARCH)
    file = the_file(journal)
    spoilt = spoil(file.read_text().splitlines())  # type: ignore[operator]
    file.write_text("\n".join(spoilt) + "\n")

    with pytest.raises(TamperedError, match=r"Line [12] of .*2026-03\.jsonl"):
        Book(journal.folder).lines()


@settings(max_examples=sized(30, 120), deadline=None)
@given(place=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_no_flipped_bit_goes_unnoticed(tmp_path_factory: object, place: int, bit: int) -> None:
    folder: Path = tmp_path_factory.mktemp("bits")  # type: ignore[attr-defined]
    journal = Book(folder / "journal")
    journal.begin()
    whole = [journal.append(event(journal, UUID(int=number)), now=MARCH) for number in range(3)]
    data = bytearray(the_file(journal).read_bytes())
    data[place % (len(data) - 1)] ^= 1 << bit
    the_file(journal).write_bytes(data)

    with pytest.raises(TamperedError):
        Book(folder / "journal").lines()
    assert len(whole) == 3


def test_a_missing_month_is_noticed(journal: Book) -> None:
    for moment in (MARCH, APRIL, MAY):
        journal.append(event(journal), now=moment)
    (journal.folder / "2026-04.jsonl").unlink()

    with pytest.raises(TamperedError, match="number 3 where 2 must follow"):
        Book(journal.folder).lines()


def test_the_first_month_cannot_go_without_the_head(journal: Book) -> None:
    for moment in (MARCH, APRIL):
        journal.append(event(journal), now=moment)
    (journal.folder / "2026-03.jsonl").unlink()

    with pytest.raises(TamperedError, match="number 2 where 1 must follow"):
        Book(journal.folder).lines()


@pytest.mark.parametrize(("name", "words"), [("key", "no key"), ("journal.json", "no privacy")])
def test_without_its_key_or_head_there_is_no_journal(journal: Book, name: str, words: str) -> None:
    journal.append(event(journal), now=MARCH)
    (journal.folder / name).unlink()

    with pytest.raises(MissingError, match=words):
        Book(journal.folder).lines()
    if name == "journal.json":
        with pytest.raises(MissingError, match="beside the journal's lines"):
            Book(journal.folder).begin()


def test_a_changed_head_is_refused(journal: Book) -> None:
    file = journal.folder / "journal.json"
    said = json.loads(file.read_text())
    file.write_text(json.dumps({**said, "first": 3}))

    with pytest.raises(TamperedError, match="was changed"):
        Book(journal.folder).lines()


def test_months_go_when_no_backup_needs_them(journal: Book) -> None:
    journal.append(event(journal), now=MARCH)
    journal.append(Ending(of=1, end="granted"), now=MARCH)
    later = journal.append(event(journal), now=APRIL)
    last = journal.append(event(journal), now=MAY)

    assert journal.forget_before(datetime(2026, 4, 1, tzinfo=UTC)) == 3
    assert Book(journal.folder).lines() == [later, last]
    assert not (journal.folder / "2026-03.jsonl").exists()


def test_a_month_with_an_open_event_stays(journal: Book) -> None:
    journal.append(event(journal), now=MARCH)
    journal.append(event(journal), now=APRIL)

    assert journal.forget_before(MAY) == 1
    assert len(journal.lines()) == 2


def test_a_removal_that_was_interrupted_harms_nothing(journal: Book) -> None:
    journal.append(event(journal), now=MARCH)
    journal.append(Ending(of=1, end="void"), now=MARCH)
    later = journal.append(event(journal), now=APRIL)
    march = (journal.folder / "2026-03.jsonl").read_bytes()
    journal.forget_before(MAY)
    (journal.folder / "2026-03.jsonl").write_bytes(march)  # as if killed before it was removed

    assert journal.lines() == [later]
    journal.append(event(journal), now=MAY)
    journal.forget_before(APRIL)
    assert not (journal.folder / "2026-03.jsonl").exists()


def write_many(folder: Path, who: int) -> None:
    journal = Book(folder)
    for _ in range(25):
        journal.append(event(journal, UUID(int=who)), now=MARCH)


def test_writers_of_several_processes_take_turns(journal: Book) -> None:
    context = multiprocessing.get_context("spawn")
    running = [context.Process(target=write_many, args=(journal.folder, n)) for n in range(4)]
    for process in running:
        process.start()
    for process in running:
        process.join()

    assert [process.exitcode for process in running] == [0] * 4
    assert [line.number for line in journal.lines()] == list(range(1, 101))
