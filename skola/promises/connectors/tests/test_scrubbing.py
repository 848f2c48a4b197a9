"""Words without the people in them: by shape, by name, in every case, and not a word more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skola.promises.connectors.scrubbing import GONE, scrub

KNOWN = ("Jonas", "Kazlauskas", "Anna-Liisa", "Bērziņa", "Ąžuolų g. 4")


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("Write to anna@example.org please.", f"Write to {GONE} please."),
        ("Call +370 612 34567 or 8 (612) 34-567 now", f"Call {GONE} or {GONE} now"),
        ("Code 38501011234 fails", f"Code {GONE} fails"),
        ("Born 1985-01-01", f"Born {GONE}"),
        ("See https://ema.example/p?name=anna now", f"See {GONE} now"),
        ("Account LT12 1000 0111 0100 1000 is wrong", f"Account {GONE} is wrong"),
        ("Id 0190a1b2-c3d4-7abc-8def-0123456789ab fails", f"Id {GONE} fails"),
        ("From 2001:db8:0:1:2:3:4:5 it fails", f"From {GONE} it fails"),
        ("I live at Kareivių g. 11B there", f"I live at {GONE} there"),
        ("It was Brīvības iela 12-3 today", f"It was {GONE} today"),
        ("My name is Zebediah Quux and it fails", f"My name is {GONE} and it fails"),
        ("mrs Quux waits", f"mrs {GONE} waits"),
        ("Ask @quux about it", f"Ask {GONE} about it"),
        # by name, in every case of it, with or without accents
        ("Jonui ir Kazlausko kursas", f"{GONE} ir {GONE} kursas"),
        ("jonas and berzina wrote", f"{GONE} and {GONE} wrote"),
        ("Bērziņai neatveras", f"{GONE} neatveras"),
        # what tells of nobody stays
        ("Lesson 3 of 12 shows error 404, the button is grey.",) * 2,
        ("After 10:15 it answers 500 within 20 s",) * 2,
        ("Klaida 1234",) * 2,
        ("",) * 2,
    ],
)
def test_what_tells_of_people_is_taken_out_and_nothing_else(said: str, left: str) -> None:
    assert scrub(said, known=KNOWN) == left


@given(st.text(max_size=200), st.lists(st.text(max_size=20), max_size=3))
def test_scrubbing_again_changes_nothing(words: str, known: list[str]) -> None:
    once = scrub(words, known=known)
    assert scrub(once, known=known) == once


@given(st.from_regex(r"[a-z]{1,8}@[a-z]{1,8}\.(lt|example)", fullmatch=True), st.text(max_size=50))
def test_an_address_never_gets_through(address: str, around: str) -> None:
    assert address not in scrub(f"{around} {address} {around}")
