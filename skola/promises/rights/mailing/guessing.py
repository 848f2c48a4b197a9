"""Which right a mail seems to be about, by its words. Staff see the guess, and sort it anew."""

import re
from collections.abc import Collection

_STEMS = {
    "erasure": (
        "delete|deletion|erase|erasure|forget me|remove my"
        "|dzēs|dzēš|izdzēs|ištrin|pašalin|kustuta|radera|ta bort"
    ),
    "access": (
        "copy of|access to my|see my data|what data|which data|what you hold|hold about me"
        "|kopij|kādi dati|kādus datus|piekļuv|kokie duomen|kokius duomen|susipažin"
        "|koopia|milliseid andme|tutvuda|kopia|registerutdrag|vilka uppgifter"
    ),
    "portability": "portab|pārnesam|perkel|ülekand|flytta mina",
    "rectification": (
        "correct|rectif|is wrong|misspel"
        "|izlabo|labot|kļūda|ištais|klaid|paranda|vale|rätta|felaktig"
    ),
    "restriction": "restrict|freeze|ierobežo|apribo|piira|begräns",
    "objection": "i object|objection|iebil[sdt]|nesutin|prieštara|vastuväi|ei nõustu|invänd",
    "withdraw-consent": (
        "withdraw|revoke|atsauc|atsaukt|atšauk|võtan tagasi|tagasi nõusolek|återkalla"
    ),
    "complaint": (
        "complain|infring|violat|sūdz|pārkāp|skund|pažeid|kaeb|rikku|riku[tn]|klagom|kränk"
    ),
}
_RIGHTS = {kind: re.compile(rf"(?:{stems})") for kind, stems in _STEMS.items()}
_DATA = re.compile(
    "personal data|my data|privacy|gdpr|data protection|my account|registration|my rights"
    "|consent|piekrišan|sutikim|nõusolek|samtycke"
    "|person(as|u|īg\\w*) dat|mani dati|manus datus|datu aizsardz|vdar|privātum"
    "|mans kont|manu kontu"
    "|asmens duomen|mano duomen|bdar|privatum|mano paskyr"
    "|isikuandme|minu andme|andmekaitse|privaatsus|minu konto|minu õigus"
    "|personuppgift|mina uppgifter|dataskydd|integritet|mitt konto"
)
_NUMBER = re.compile(r"\bR-(\d{5,})\b")


def speaks_of_data(words: str) -> bool:
    """Whether a mail is about personal data or an account at all."""
    return _DATA.search(words.lower()) is not None


def guess(words: str, offered: Collection[str]) -> str | None:
    """Return which of the rights offered a mail seems to be about; None where none is named.

    Of several the one that is named most often; of as many, the first in the order of rights.
    """
    text = words.lower()
    counts = {kind: len(stems.findall(text)) for kind, stems in _RIGHTS.items() if kind in offered}
    best = max(counts, key=lambda kind: counts[kind], default=None)
    return best if best is not None and counts[best] else None


def number_in(subject: str) -> int | None:
    """Return the number of the request to which a mail answers; None where it names none."""
    found = _NUMBER.search(subject)
    return int(found[1]) if found and len(found[1]) < 10 else None
