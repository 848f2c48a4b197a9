"""How long data are kept, and what people may ask for by when."""

from typing import Annotated

from msgspec import Meta, Struct, field

from skola.promises.policy.schema.base import Id, Table, Text


class Latest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    latest: Annotated[list[str], Meta(min_length=1)]
    """The latest of these events counts."""


class Floor(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``at_least``: kept no shorter. Either ``period`` with ``after``, or ``while``."""

    period: str = ""
    after: str | Latest = ""
    while_: str = field(name="while", default="")
    class_: str = field(name="class", default="purpose")
    """``hard``, ``contest``, ``claim``, ``contract`` or ``purpose``."""
    law: str | Text = ""
    pending: bool = True
    """Whether the floor stands before its event has happened."""


class Ceiling(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``at_most``: kept no longer than ``period`` after the event."""

    period: str
    after: str | Latest
    action: str = "erase"
    """``restrict``, ``pseudonymise``, ``anonymise`` or ``erase``."""
    yields_to: list[str] = []
    """Classes of floors that it gives way to; every ceiling gives way to ``hard``."""


class Then(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    action: str = "erase"
    within: str


class Backstop(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a state is never closed by anybody: close it, ask, or erase after this."""

    period: str
    after: str | Latest
    action: str = "erase"
    """``erase``, ``close`` or ``ask``; all three are due dates, ``close`` ends the state."""
    confirmed: bool = True
    """Shown to the officer for confirmation where the source gives no number."""


class Except(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    linked_to: str
    """A condition of the vocabulary: ``contract.oral``."""
    use: str
    """The retention rule that holds instead."""


class Override(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where ``by`` is true of a record, its terms end at the moment of ``by`` instead."""

    by: str
    needs: str
    shortest: str = ""
    """What a contract may set at least and, ``longest``, at most."""
    longest: str = ""


class Retention(Table, frozen=True, kw_only=True):
    """``[[retention]]``: from when to when data of these categories are kept."""

    id: Id
    categories: Annotated[list[str], Meta(min_length=1)]
    name: Text = {}
    keep_while: str | list[str] = []
    """``"any purpose alive"`` or states; when all have ended, ``then`` happens."""
    then: Then | None = None
    at_least: Floor | None = None
    at_most: Ceiling | None = None
    backstop: Backstop | None = None
    only_if: str = ""
    """A condition of the vocabulary; the rule concerns only parts for which it holds."""
    except_: Except | None = field(name="except", default=None)
    override: Override | None = None
    warn: list[str] = []
    """How long before the end the person is told."""
    claimed: str = ""
    """What the source says where the law demands more, or gives no number."""


class Fee(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    free: int
    per: str
    then: str = "law"


class Right(Table, frozen=True, kw_only=True):
    """``[[right]]``: what a person may ask for, and by when it is answered."""

    kinds: Annotated[list[str], Meta(min_length=1)]
    """Of ``information access portability rectification erasure restriction objection
    withdraw-consent complaint review compensation stop-disclosure``."""
    deadline: str
    """A period, ``"at once"`` or ``"law"``."""
    counted_from: str = "request.received"
    extendable: str = ""
    fee: Fee | None = None
    limits: list[str] = []
    self_service: list[str] = []
    includes: list[str] = []
    reply: list[str] = []
    answer: str = ""
    restriction_keeps: list[str] = []
    claimed: str = ""


class Channel(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    channel: str
    proof: str


class RightProcess(Table, frozen=True, kw_only=True):
    """``[right_process]``: the routes of a request."""

    submit: list[Channel]
    reply: list[str]
    verify: bool = True
    on_dispute: str = ""


class RestrictionByController(Table, frozen=True, kw_only=True):
    """``[[restriction_by_controller]]``: the controller itself puts data under verification."""

    when: str
    until: str
    effect: str = "restrict"
