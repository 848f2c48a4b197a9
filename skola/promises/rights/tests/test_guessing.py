"""Which right a mail is about, by its words."""

import pytest

from skola.promises.rights.mailing.guessing import guess, number_in, speaks_of_data
from skola.promises.rights.requests.rules import RIGHTS_OF_LAW


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Please delete my account.", "erasure"),
        ("Lūdzu izdzēsiet manus datus.", "erasure"),
        ("Prašau ištrinti mano duomenis.", "erasure"),
        ("Palun kustutage minu andmed.", "erasure"),
        ("Vänligen radera mina uppgifter.", "erasure"),
        ("I want a copy of my personal data.", "access"),
        ("Vēlos saņemt savu datu kopiju.", "access"),
        ("My name is wrong, correct it.", "rectification"),
        ("I object to the use of my data.", "objection"),
        ("I complain: my privacy was infringed.", "complaint"),
        ("How do you use my personal data?", None),
    ],
)
def test_the_right_is_guessed_by_its_words(words: str, kind: str | None) -> None:
    assert guess(words, RIGHTS_OF_LAW) == kind


def test_only_what_is_offered_is_guessed() -> None:
    assert guess("Please delete my account.", ["access"]) is None


@pytest.mark.parametrize(
    ("words", "told"),
    [("When does the course begin?", False), ("What of my personal data?", True)],
)
def test_a_mail_about_data_is_told_from_another(words: str, told: bool) -> None:
    assert speaks_of_data(words) is told


def test_the_number_of_a_request_is_read_from_a_subject() -> None:
    assert number_in("Re: iLearn: your request R-00012") == 12
    assert number_in("Re: R-1") is None
