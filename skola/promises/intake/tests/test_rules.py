"""Reading messages, whole and broken."""

from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skola.promises.intake.rules import addresses_in, read


def message(**headers: str) -> EmailMessage:
    made = EmailMessage()
    for name, value in {"From": "Anna <Anna@Example.org>", "Subject": "Hi", **headers}.items():
        made[name.replace("_", "-")] = value
    return made


def test_a_letter_is_read_with_its_words_and_what_is_attached() -> None:
    made = message(Subject="Lūdzu kopiju")
    made.set_content("Mani dati.\n")
    made.add_alternative("<p>Mani <b>dati</b>.</p>", subtype="html")
    made.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="mine.pdf")

    found = read(bytes(made))

    assert (found.sender, found.name, found.subject) == ("anna@example.org", "Anna", "Lūdzu kopiju")
    assert found.text == "Mani dati."
    assert [(one.name, one.content) for one in found.attached] == [("mine.pdf", b"%PDF")]
    assert not found.is_automatic


def test_of_markup_alone_the_words_are_read_and_nothing_else() -> None:
    made = message()
    made.set_content(
        "<head><title>x</title></head><script>alert(1)</script><p>One &amp; two</p>Three<br>Four",
        subtype="html",
    )
    assert read(bytes(made)).text == "One & two\nThree\nFour"


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"List_Id": "news.example.org"},
        {"From": "Mailer <MAILER-DAEMON@example.org>"},
        {"From": "nobody"},
    ],
)
def test_what_a_machine_wrote_is_known_as_such(headers: dict[str, str]) -> None:
    made = message(**headers)
    made.set_content("I am away.")
    assert read(bytes(made)).is_automatic


def test_broken_messages_are_read_as_far_as_they_go() -> None:
    broken = (
        b"From: =?nonsense?q?=C4?= <anna@example.org>\r\nSubject: =?utf-8?b?@@@?=\r\n"
        b'Content-Type: text/plain; charset="x-unknown"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\nnot base64 \x00\xff"
    )
    found = read(broken)
    assert found.sender == "anna@example.org"
    assert "\0" not in found.words
    cut = b'From: a@example.org\r\nContent-Type: multipart/mixed; boundary="x"\r\n\r\n--x\r\n'
    assert read(cut).sender == "a@example.org"


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(raw: bytes) -> None:
    found = read(raw)
    found.words.encode()
    assert len(found.digest) == 64


def test_the_digest_is_of_the_message_and_not_of_its_way() -> None:
    made = message(Message_ID="<1@example.org>")
    made.set_content("Please.")
    raw = bytes(made)
    assert read(b"Received: from elsewhere\r\n" + raw).digest == read(raw).digest
    assert read(raw.replace(b"Please", b"Rather")).digest != read(raw).digest


def test_the_addresses_that_a_text_names() -> None:
    text = "I am Anna@Example.org, not bob@example.com. Write to anna@example.org!"
    assert addresses_in(text) == ("anna@example.org", "bob@example.com")
