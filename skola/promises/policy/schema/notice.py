"""The notice that people read, and the promises that are neither term nor purpose."""

from typing import Annotated

from msgspec import Meta

from skola.promises.policy.schema.base import Id, Table, Text


class NoticeAtCollection(Table, frozen=True, kw_only=True):
    """``[[notice_at_collection]]``: a short notice beside a form that has rules of its own."""

    where: str
    text: Text = {}


class FormField(Table, frozen=True, kw_only=True):
    """``[[form_field]]``: something more that a form asks for, and the purpose it is asked for."""

    id: Id
    where: str
    """The form: ``enquiry``. What is answered is kept as long as the rest of it."""
    label: Text
    purpose: str
    hint: Text = {}
    """What is said beside it: why it is asked. A new purpose needs it (GDPR Art. 13(3))."""
    required: bool = False


class OnErasure(Table, frozen=True, kw_only=True):
    """``[on_erasure]``: what an erasure does to contracts."""

    may_terminate_contract: bool
    notice: str


class AccuracyReview(Table, frozen=True, kw_only=True):
    """``[accuracy_review]``: how often people are asked whether their data are right."""

    ask_subject: str
    ask_staff: str = ""
    purpose: str = ""
    """Which purpose it serves; who objected to it is not asked."""


class DataQuality(Table, frozen=True, kw_only=True):
    """``[data_quality]``: how often what is held is looked through, and what follows."""

    every: str
    outdated: str = ""
    """So long after the last sign that a contact is right it is out of date."""
    undo_merge: str
    """How long two records that were made one can be parted again."""
    purpose: str = ""
    """Which purpose it serves; who objected to it is left out."""


class Origins(Table, frozen=True, kw_only=True):
    """``[origins]``: of which ways in which people give data a note is kept with them."""

    kinds: Annotated[list[str], Meta(min_length=1)]
    inform_within: str = ""
    """By when somebody is told who was found in a public source."""


class Dunning(Table, frozen=True, kw_only=True):
    """``[dunning]``: when somebody is reminded of a debt, and from when it may be handed over."""

    reminders: Annotated[list[str], Meta(min_length=1)]
    """Terms after the day by which an invoice was to be paid, the shortest first."""
    hand_over: str
    """The term after that day before which a debt goes to nobody, reminded or not."""


class Staff(Table, frozen=True, kw_only=True):
    """``[staff]``: how roles of the staff are granted, reviewed and trained for."""

    roles: Annotated[list[str], Meta(min_length=1)]
    review: str
    """How long a role runs before somebody has to review it."""
    training_valid: str = ""
    """How long the training is valid; empty where none is asked for."""
    training_grace: str = ""
    """How long roles stay open untrained that were there before the rule."""


class Undertaking(Table, frozen=True, kw_only=True):
    """``[undertaking]``: what the staff signs before a role opens anything."""

    roles: Annotated[list[str], Meta(min_length=1)]
    version: Annotated[str, Meta(min_length=1, max_length=40)]
    """A new one is signed anew."""
    text: Text


class Security(Table, frozen=True, kw_only=True):
    """``[[security]]``: a measure, and the check of ``skola doctor`` that shows it is on."""

    id: Id
    measure: Text
    check: str = ""


class Duty(Table, frozen=True, kw_only=True):
    """``[[duty]]``: a promise that is neither a term nor a purpose, kept by a capability."""

    id: Id
    text: str | Text
    """In one plain sentence, what the software does; without languages, as it is in each."""
    by: list[str] = []
    """Capabilities that keep it."""


class Informational(Table, frozen=True, kw_only=True):
    """``[[informational]]``: clauses that bind nobody to a mechanism."""

    why: str = ""


class Section(Table, frozen=True, kw_only=True):
    """``[[section]]``: a heading of the rendered notice."""

    id: Id
    title: Text


class Paragraph(Table, frozen=True, kw_only=True):
    """``[[paragraph]]``: a paragraph of the rendered notice.

    Numbers are not written but referred to, ``{retention.calls.at_most.period}``, so that words and
    rules cannot part. Lines that begin with ``- `` make a list.
    """

    id: Annotated[str, Meta(min_length=1, max_length=40)]
    """The anchor: the paragraph's own number in the source, or a slug."""
    section: str
    text: Text
    show: list[str] = []
    """Generated tables below the text: ``purposes``, ``retention``, ``cookies``, ``recipients``,
    ``processors``, ``rights``, ``contacts``, ``categories``, ``changes``, ``transfers``."""


class Summary(Table, frozen=True, kw_only=True):
    """``[summary]``: the policy in one line and in one page."""

    line: Text
    page: list[Text] = []
