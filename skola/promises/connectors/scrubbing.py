"""Words without the people in them: addresses, numbers and names are taken out.

What is known is taken out by its letters: whoever writes, and everybody known here. What is not
known is taken out by its shape: addresses of mail, the web and the street, numbers of five digits
or more, and what follows *my name is* or *Mrs*. Who writes sees the result before it leaves.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable

GONE = "[…]"
"""What stands in the place of something that was taken out."""
SHORTEST = 3
_TOKEN = re.compile(r"[^\W\d_]+")
_CAPITAL = r"[^\W\d_a-z][^\W\d_]+(?:[-'’][^\W\d_]+)*"
_STREETS = (
    "iela|ielā|gatve|bulvāris|prospekts|gatvė|gatvėje|g\\.|pr\\.|prospektas|al\\.|alėja"
    "|tänav|tn|pst|puiestee|mnt|maantee|gatan|vägen|gränd|street|st\\.|road|rd\\.|avenue|lane"
)
_SAYS_WHO = (
    "my name is|i am called|mani sauc|mans vārds ir|mano vardas|aš esu|minu nimi on|mina olen"
    "|jag heter|mitt namn är|i am|i'm|vārds|vardas|nimi|namn|name"
)
_TITLES = (
    "mr|mrs|ms|dr|prof|kungs|kundze|kundzei|ponas|ponia|härra|proua|herr|fru|skolotāja|skolotājs"
    "|mokytoja|mokytojas|õpetaja|lärare|teacher"
)
_SHAPES = (
    # mail, web, names at networks
    re.compile(r"[^\s<>()\[\]\"',;:]+@[^\s<>()\[\]\"',;]+"),
    re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE),
    re.compile(r"(?<!\w)@[\w.]+"),
    # streets, with a number before or behind
    re.compile(
        rf"(?:{_CAPITAL}\s+){{0,3}}(?<!\w)[^\W\d_]*(?i:{_STREETS})\s*\d+\w?(?:\s*[-/]\s*\d+\w?)?"
    ),
    re.compile(rf"\d+\w?\s+(?:{_CAPITAL}\s+){{1,3}}(?i:street|road|avenue|lane)\b"),
    re.compile(r"(?<!\w)(?:LV|LT|EE|SE)[-\s]?\d{4,6}(?!\d)", re.IGNORECASE),
    # account numbers, keys, addresses of machines
    re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{2,4}){3,8}(?!\w)"),
    re.compile(r"(?<![0-9a-z])(?=[0-9a-f-]*\d)[0-9a-f]{4,}(?:-[0-9a-f]{4,})+(?![0-9a-z])", re.I),
    re.compile(r"(?<![0-9a-z])(?=[0-9a-f]*\d)[0-9a-f]{12,}(?![0-9a-z])", re.IGNORECASE),
    re.compile(r"(?<![\w:])(?:[0-9a-f]{0,4}:){3,7}[0-9a-f]{0,4}(?!\w)", re.IGNORECASE),
    # phones, codes, days of birth: five digits and more, however they are grouped
    re.compile(r"\+?\(?\d(?:[\s().\-/]{0,2}\d){4,}"),
)
_WHO = re.compile(
    rf"(?<!\w)((?i:{_SAYS_WHO})\s*:?\s+|(?i:{_TITLES})\.?\s+)({_CAPITAL}(?:\s+{_CAPITAL}){{0,2}})"
)


def scrub(words: str, *, known: Collection[str] = ()) -> str:
    """Return the words without what tells of people; doing it again changes nothing.

    ``known`` are names of people as they are stored. A word with a capital letter goes in every
    case of its declension, another one in exactly this form.
    """
    found = unicodedata.normalize("NFC", words)
    for shape in _SHAPES:
        found = shape.sub(GONE, found)
    found = _WHO.sub(lambda one: f"{one[1]}{GONE}", found)
    names = {part for name in known for part in parts(name)}
    if names:
        found = _TOKEN.sub(lambda one: GONE if _is_name(one[0], names) else one[0], found)
    return re.sub(r"\[…\](?:[ ,]*\[…\])+", GONE, found)


def parts(name: str) -> list[str]:
    """Return the words of a name without accents and capitals, those of three letters or more."""
    return [one for one in map(plain, _TOKEN.findall(name)) if len(one) >= SHORTEST]


def stem(part: str) -> str:
    """Return what a name keeps in every case: ``jon`` of ``jonas``, ``berzin`` of ``berzina``."""
    return part[: max(SHORTEST, len(part) - 2)]


def tokens(words: str) -> tuple[set[str], set[str]]:
    """Return the plain words of a text, and the beginnings of those with a capital letter."""
    found = [one for one in _TOKEN.findall(words) if len(one) >= SHORTEST]
    return {plain(one) for one in found}, {plain(one)[:SHORTEST] for one in _capital(found)}


def _capital(found: Iterable[str]) -> list[str]:
    return [one for one in found if one[0].isupper()]


def _is_name(token: str, names: Collection[str]) -> bool:
    bare = plain(token)
    if len(bare) < SHORTEST:
        return False
    if bare in names:
        return True
    if not token[0].isupper():
        return False
    return any(bare.startswith(stem(one)) and len(bare) <= len(one) + 3 for one in names)


def plain(word: str) -> str:
    """Return a word without accents and capitals."""
    apart = unicodedata.normalize("NFKD", word)
    return "".join(one for one in apart if not unicodedata.combining(one)).casefold()
