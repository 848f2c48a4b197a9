"""Who else receives data, works for the controller, or sees what is published."""

from typing import Annotated

from msgspec import Meta, field

from skola.promises.policy.schema.base import Id, Table, Text

FieldName = Annotated[str, Meta(pattern=r"^[a-z]+\.[a-z]+\.[a-z_0-9]+$")]
"""A column of a table as the software declares it: ``people.person.given_name``."""


Address = Annotated[str, Meta(pattern=r"^(https://|http://localhost:)")]
"""An address on the web; without encryption on this machine only."""


Host = Annotated[str, Meta(pattern=r"^(\*\.)?([a-z0-9-]+\.)+[a-z]{2,}$")]
"""The name of a host; with ``*.`` before it, every host below that name."""


class Recipient(Table, frozen=True, kw_only=True):
    """``[[recipient]]``: somebody outside who may receive data."""

    id: Id
    name: Text
    role: str
    """``controller``, ``processor``, ``authority``, ``any``."""
    for_: str = field(name="for")
    basis: str
    categories: list[str] = []
    precondition: str = ""
    form: str = "personal"
    """``personal``, ``pseudonymous`` or ``aggregate``."""
    detail: Text = {}
    """What for, for the notice; without it, only the English notice says it."""
    fields: list[FieldName] = []
    """What goes out, field by field. Where it is empty, the recorded scope of a demand decides."""
    purposes: list[str] = []
    """Other purposes of this policy for which they may receive data."""
    names: list[str] = []
    """The only ones who can be such a recipient, where they are known by name."""
    papers: list[str] = []
    """What has to be on file about them before anything is passed on."""
    needs: list[str] = []
    """What each passing on has to have on record."""
    named_papers: list[str] = []
    """With these on file, a pseudonymous set may carry names."""
    task: str = ""
    """What the software passes data on to them for, where it does so itself."""


class Processor(Table, frozen=True, kw_only=True):
    """``[[processor]]``: somebody who works for the controller."""

    id: Id
    name: Text
    does: list[str]
    contract: str | Text
    """Reference of the agreement after GDPR Art. 28; without languages, as it is in each."""
    location: str
    categories: list[str] = []
    names: list[str] = []
    needs_consent: str = ""
    detail: Text = {}
    """What it does, for the notice; without it, only the English notice says it."""
    safeguard: str = ""
    website: str = ""
    hosts: list[Host] = []
    """Where it may be called, where somebody else says the address; ``*.`` before all below."""
    form: str = "personal"
    """``personal`` or ``pseudonymous``."""
    fields: list[FieldName] = []
    """What goes out, field by field."""
    purposes: list[str] = []
    """Other purposes of this policy for which they may receive data."""
    papers: list[str] = []
    """What has to be on file about them beside the agreement."""
    needs: list[str] = []
    """What each passing on has to have on record."""
    task: str = ""
    """What the software passes data on to them for, where it does so itself."""
    sends: list[str] = []
    """What its connector sends besides columns; nothing else leaves."""


class PassingOn(Table, frozen=True, kw_only=True):
    """``[passing_on]``: the rules for everybody outside who receives data."""

    region: str = "anywhere"
    """``EEA``: nobody outside of it can be made active, whatever the safeguard."""
    rules_version: str = ""
    """The version of the rules of security and confidentiality that recipients accept."""
    accept_within: str = ""
    """How long an earlier version does, from the day on which this policy takes effect."""
    confirm_within: str = "30 days"
    """By when a recipient confirms that they erased or corrected what they were given."""


class ProcessorList(Table, frozen=True, kw_only=True):
    """``[processor_list]``: whether the list is public, and how fast it follows a change."""

    publish: bool = True
    change_notice: str = ""
    update_within: str = ""
    counted_from: str = "processor.changed"


class Transfer(Table, frozen=True, kw_only=True):
    """``[[transfer]]``: data that leave the European Economic Area."""

    to: str
    who: list[str | Text]
    """Processors by id, or words; only the English notice tells words without languages."""
    safeguard: list[str]
    """Of ``adequacy``, ``scc``, ``bcr``, ``art49-explicit-consent``."""
    detail: Text = {}
    """Where to and to whom, for the notice; without it, only the English notice says it."""
    access: str = ""
    claimed: str = ""


class BusinessTransfer(Table, frozen=True, kw_only=True):
    """``[business_transfer]``: what happens when the business is sold."""

    prospect: str
    buyer: str | Text
    """What becomes of the data; without languages, as it is in each."""
    announce: str = "before"
    object_window: str = "1 month"


class Dataset(Table, frozen=True, kw_only=True):
    """``[[dataset]]``: data for which the roles are different from the rest."""

    id: Id
    role: str
    controller: str
    categories: list[str] = []
    on_subject_request: str = ""
    acknowledge: str = ""
    forbidden: list[str] = []
    precedence: str = ""


class Publication(Table, frozen=True, kw_only=True):
    """``[[publication]]``: what others can see."""

    what: list[str]
    needs: str
    on_withdraw: str = "unpublish at once"


class Network(Table, frozen=True, kw_only=True):
    """``[[network]]``: an outside network at which people have an account of their own."""

    id: Id
    name: str
    processor: str
    """The ``[[processor]]`` that stands for it in this policy."""
    privacy: Address
    """Its own privacy policy."""
    sign_in: Address | None = None
    """Its issuer, where people sign in with their account there (OpenID Connect)."""
    token: Address | None = None
    """Its token endpoint, where its document of discovery names none."""
    share: Address | None = None
    """The page on which one shares there; ``{link}`` and ``{words}`` are filled in."""


class NoStore(Table, frozen=True, kw_only=True):
    """``[[no_store]]``: what passes through and is never stored."""

    what: str
    use: str
    proof: str


class Statistics(Table, frozen=True, kw_only=True):
    """``[[statistics]]``: numbers without names, for whom."""

    to: list[str]
    form: str
    min_cell: Annotated[int, Meta(ge=2)]
