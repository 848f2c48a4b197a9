"""Whose data, which, why, and on what consent."""

from typing import Annotated

from msgspec import Meta, Struct, field

from skola.promises.policy.schema.base import Id, Table, Text


class Subject(Table, frozen=True, kw_only=True):
    """``[[subject]]``: a kind of person whose data are held."""

    id: Id
    name: Text
    states: list[str] = []
    anchors: list[str] = []
    roles: list[str] = []
    """By what the platform knows them: kinds of roles, ``guardian``, ``ward``."""
    told_by: list[str] = []
    """States by any of which somebody is known to be of this kind; purposes of kinds that they are
    not of do not concern them. Empty: no state tells."""


class Category(Table, frozen=True, kw_only=True):
    """``[[category]]``: a kind of data. Its id is a word of the vocabulary."""

    id: Id
    name: Text
    holds: list[str]
    """What belongs to it; ``personal_code?`` only where a named rule asks for it."""
    sources: list[str]
    """``subject``, ``service``, ``staff``, ``employer``, ``school``, ``guardian``, ``public`` …"""
    level: Annotated[int, Meta(ge=1, le=4)] = 2
    """1 pseudonymous, 2 ordinary, 3 delicate (sound, picture), 4 special category of Art. 9."""
    storage: str = "row"
    """``row`` or ``object`` (a file with a key of its own)."""
    subjects: list[str] = []
    """Whose; empty means any subject's."""
    detail: Text = {}
    """What it holds, for the notice; without it, only the English notice says it."""


class CategoryGroup(Table, frozen=True, kw_only=True):
    """``[[category_group]]``: categories under one name. A rule that names it is about each."""

    id: Id
    name: Text
    categories: Annotated[list[str], Meta(min_length=2)]


class Basis(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The legal basis of a purpose (GDPR Art. 6)."""

    kind: str
    """``contract``, ``legal-obligation``, ``vital-interest``, ``public-task``,
    ``legitimate-interest`` or ``consent``."""
    art: str
    interest: Text = {}
    """Which interest; required for legitimate interest."""
    law: str | Text = ""
    """Which law; required for a legal obligation. Without languages, as it is in each."""
    balancing: str = ""
    """Where the balancing test is kept, or its gist."""
    given_by: str = ""
    granularity: str = ""
    compelling: Text = {}
    """Why it goes on although somebody objects (GDPR Art. 21(1)); empty: an objection pauses it."""
    marketing: bool = False
    """Direct marketing: an objection ends it at once and is not weighed (GDPR Art. 21(3))."""


class Output(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    form: str
    """``aggregate`` or ``personal``."""
    min_cell: int = 0
    counts: list[str] = []
    """Categories of which numbers are made for the purpose, and of which it keeps nothing."""


class Purpose(Table, frozen=True, kw_only=True):
    """``[[purpose]]``: why, on which basis, with what data, and while what is true."""

    id: Id
    name: Text
    basis: Basis
    categories: Annotated[list[str], Meta(min_length=1)]
    alive_while: Annotated[list[str], Meta(min_length=1)]
    """States of the vocabulary; the purpose lives while any is open. ``always`` never ends."""
    enables: list[str] = []
    """Capabilities of the software that exist for this tenant because of this purpose."""
    subjects: list[str] = []
    class_: str = field(name="class", default="")
    """The class of its floors; by default ``hard`` for a legal obligation, ``contract`` for a
    contract, else ``purpose``."""
    survives_contract: bool = False
    announce: str = ""
    output: Output | None = None
    assessment: str = ""
    """Reference of the data protection impact assessment, where one is due."""
    cookies: str = ""
    """The class of cookies with which it is asked: the choice in the browser and the switch in the
    account are one consent then."""
    compatibility: str = ""
    """Of a purpose that came later: why it goes with what the data were collected for, or where
    that was assessed (GDPR Art. 6(4))."""


class Heading(Table, frozen=True, kw_only=True):
    """``[[heading]]``: an aim that several purposes serve. It uses no data itself."""

    id: Id
    name: Text
    purposes: Annotated[list[str], Meta(min_length=1)]
    """The concrete purposes below it."""
    categories: list[str] = []
    enables: list[str] = []
    """Both stay empty: data and rooms belong to a purpose, and P023 says so."""


class PurposeLock(Table, frozen=True, kw_only=True):
    """``[[purpose_lock]]``: these categories serve these purposes only."""

    categories: list[str]
    only: list[str]


class ConsentRule(Table, frozen=True, kw_only=True):
    """``[[consent]]``: how consent to purposes is given and withdrawn."""

    purpose: Annotated[list[str], Meta(min_length=1)]
    give_by: list[str]
    withdraw_by: list[str]
    effect: str = "forward-only"
    valid_for: str = "24 months"
    phone_proof: str = ""
    claimed: str = ""
    """What the source counts as consent although the law does not: "using the site"."""
    for_each: str = ""
    """What one consent is limited to, ``recipient``, ``text``: it is asked where that comes up, and
    no switch gives it for all of them. Empty: the whole purpose."""
