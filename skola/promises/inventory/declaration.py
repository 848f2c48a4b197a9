"""What a table says about itself. Plain values, so that rules and tests need no database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Hop:
    """One step along a foreign key: from ``column`` here to ``key`` of ``table``."""

    column: str
    table: str
    key: str = "id"


@dataclass(frozen=True)
class Path:
    """Where a value is found, seen from a row: along foreign keys, then a column."""

    column: str
    hops: tuple[Hop, ...] = ()
    attributes: tuple[str, ...] = ()
    """The same for an object of the model: names of attributes, one after another."""

    @property
    def is_local(self) -> bool:
        return not self.hops


@dataclass(frozen=True)
class Blank:
    """How a column looks when what it said is gone."""

    column: str
    value: Any = None
    possible: bool = True
    """Whether the database would accept it."""
    tells: bool = False
    """Whether it leads to a person, so that without it the rest is anonymous."""


@dataclass(frozen=True)
class Part:
    """The columns of one category in one table, and the column that holds their due date."""

    category: str
    due: str
    columns: tuple[Blank, ...]
    expires: bool = False
    """The row's end stands in this column when the row is made; no policy computes it."""

    @property
    def seal(self) -> str:
        """The column with the moment from which the part is sealed; the engine adds it."""
        return self.due.replace("due", "seal", 1)

    @property
    def kept(self) -> str:
        """The column with the purposes for which it may be read then, each until when."""
        return self.due.replace("due", "sealed", 1).removesuffix("_at") + "_for"

    @property
    def moments(self) -> tuple[str, ...]:
        """The columns in which the engine notes the end of the part, and what comes before it."""
        return (self.due,) if self.expires else (self.due, self.seal, self.kept)


@dataclass(frozen=True)
class Need:
    """A foreign key that keeps what it points to: the table at its other end, and the column."""

    table: str
    column: str


@dataclass(frozen=True)
class Declaration:
    """What a table holds, about whom, since when, and what it goes with."""

    model: str
    """The label, ``desk.enquiry``; the table's name where a library has no model."""
    table: str
    key: str = "id"
    has_tenant: bool = True
    subject: Path | None = None
    subject_is_row: bool = False
    """The row is the person."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Personal columns and their categories."""
    secrets: frozenset[str] = frozenset()
    """Personal columns that open something for whoever knows them: never given away in a copy."""
    not_personal: Mapping[str, str] = field(default_factory=dict)
    """The other columns, and why they are not personal."""
    anchors: Mapping[str, Path] = field(default_factory=dict)
    """Events, and where the row has their moments."""
    states: Mapping[str, Path] = field(default_factory=dict)
    """States, and where the row has the moment of their end; empty while they are open."""
    conditions: Mapping[str, Any] = field(default_factory=dict)
    """Conditions of the vocabulary: a ``Q`` over the row's own columns, or the path to what is
    there while one holds."""
    relations: Mapping[str, str] = field(default_factory=dict)
    goes_with: Hop | None = None
    """The parent with which the rows are deleted; they have no clock of their own then."""
    parts: tuple[Part, ...] = ()
    """What has a clock. Empty where nothing is personal or the rows go with a parent."""
    needed_by: tuple[Need, ...] = ()
    """Tables with clocks of their own whose rows point here: a row stays while one needs it."""
    needs: tuple[Need, ...] = ()
    """The same seen from here: tables whose rows stay while rows of this one need them."""
    goes_with_holder: bool = False
    """Rows are deleted with the one row that names them, by a trigger; they have no clock then."""
    until_subject_ends: bool = False
    """Rows are removed with the last trace of their person."""
    withheld: str = ""
    """A column with the moment until which a law forbids to tell the person of the row."""
    may_delete: bool = True
    """Whether the application's role may delete rows itself."""

    moves: bool = True
    """Whether rows go along when the tenant is handed over to another controller elsewhere."""

    @property
    def is_personal(self) -> bool:
        return bool(self.columns)

    @property
    def ends_by_itself(self) -> bool:
        """Whether each row's end stands in the row; no policy computes it."""
        return any(part.expires for part in self.parts)

    @property
    def stays(self) -> bool:
        """Whether the row of a part that is gone stays: it has other parts, or others need it."""
        return bool(self.needed_by) or len(self.parts) > 1

    def part(self, category: str) -> Part:
        """Return the part of this category. Raises KeyError where there is none."""
        for part in self.parts:
            if part.category == category:
                return part
        raise KeyError(f"{self.model} has no clock for {category}")
