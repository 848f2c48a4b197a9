"""The policy language: one struct per table, one field per key.

A policy is one TOML file. Each struct below is one table of it; the reference with an example of
each is ``docs/reference/policy-language.md``. Unknown keys are refused, and so is a text that lacks
one of the policy's languages. Every table carries ``clause``: the ids of the clauses it executes.

Periods are words: ``"14 days"``, ``"1 month"``, ``"10 years"``, ``"30 working days"``,
``"2 hours"``. They are read by ``skola.promises.policy.periods``. Moments carry an offset.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct, field

Text = dict[str, str]
"""A text in several languages: language code to words."""

Id = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_.-]*$", max_length=60)]
"""A short name, unique within its kind of table."""

Clauses = list[str]
"""Ids of clauses of the source, ``ilearn-20.e``."""


class Table(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every table has: the clauses it executes."""

    clause: Clauses = []


# ---- the policy itself ----


class Classification(StrEnum):
    """How a version changes its predecessor; the notice period follows from it."""

    INITIAL = "initial"
    MINOR = "minor"
    MATERIAL = "material"
    LEGISLATION = "legislation"


class Head(Table, frozen=True, kw_only=True):
    """``[policy]``: which tenant, which version, in force from when."""

    tenant: Id
    version: Annotated[str, Meta(min_length=1, max_length=40)]
    source: str
    languages: Annotated[list[str], Meta(min_length=1)]
    authentic: str
    """The language whose words bind; one of ``languages``."""
    published: datetime
    effective: datetime
    timezone: str
    calendar: str
    """Whose working days and holidays count: ``EE``, ``LT``, ``LV`` or ``SE``."""
    law: Annotated[list[str], Meta(min_length=1)]
    """Overlays, widest first: ``["EU", "LV"]``. They may only tighten."""
    replaces: str = ""
    """The version it replaces, or ``"all-earlier"``."""
    classification: Classification = Classification.INITIAL
    reason: Text = {}
    """Why it was changed. Required unless it is the initial version."""
    title: Text = {}
    """The title of the rendered notice."""


class LogEntry(Table, frozen=True, kw_only=True):
    """``[[log]]``: a line of the change log older than the versions kept here."""

    on: str
    """The day, ``2018-05-03``."""
    text: Text


class Change(Table, frozen=True, kw_only=True):
    """``[change]``: how the policy itself may change."""

    notice: str
    """``"from publication"`` or a period before effect: ``"30 working days"``, ``"1 month"``."""
    publish_in: list[str]
    """Of ``site``, ``account``."""
    also_notify: list[str] = []
    """Of ``email``, ``sms``: channels used besides when the change is material."""
    material_only: bool = False
    """The notice period holds for material changes only."""
    legislation_only_exempt: bool = False
    """A change that only follows a change of law may take effect at once."""
    applies_to_existing: bool = False
    """A longer term reaches data collected before, after the notice was delivered."""
    on_shorten: str = "all-data"
    on_lengthen: str = "collected-after"
    reaccept_when: list[str] = []


class Service(Table, frozen=True, kw_only=True):
    """``[service]``: the name and the look of the service, and what it is for."""

    name: str
    tagline: Text
    accent: Annotated[str, Meta(pattern=r"^#[0-9a-f]{6}$")] = "#b4690e"
    """The brand colour; used where it passes contrast."""
    hosts: list[str] = []
    """Host names of the real service; the notice names them."""
    capabilities: list[str] = []
    """What the operator switches on beyond the purposes' ``enables``. Usually empty."""


class Controller(Table, frozen=True, kw_only=True):
    """``[controller]``: who decides about the data."""

    name: str
    address: str
    roles: list[str]
    """Of ``controller``, ``processor``."""
    country: str
    reg_no: str = ""
    email: str = ""
    phone: str = ""
    laws: list[Text] = []
    """Names of the laws under which it works."""


class Contact(Table, frozen=True, kw_only=True):
    """``[[contact]]``: where to turn, and for what."""

    id: Id
    kind: str
    """``data-protection``, ``support``, ``billing``, ``unsubscribe``, ``general``."""
    email: str = ""
    phone: str = ""
    address: str = ""
    person: str = ""
    """A role, never a private person's name."""


class Authority(Table, frozen=True, kw_only=True):
    """``[[authority]]``: the supervisory authority."""

    id: Id
    name: Text
    for_: list[str] = field(name="for", default_factory=lambda: ["complaint", "breach-notice"])
    address: str = ""
    email: str = ""
    website: str = ""


# ---- who and what ----


class Subject(Table, frozen=True, kw_only=True):
    """``[[subject]]``: a kind of person whose data are held."""

    id: Id
    name: Text
    states: list[str] = []
    anchors: list[str] = []


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


class Basis(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The legal basis of a purpose (GDPR Art. 6)."""

    kind: str
    """``contract``, ``legal-obligation``, ``vital-interest``, ``public-task``,
    ``legitimate-interest`` or ``consent``."""
    art: str
    interest: Text = {}
    """Which interest; required for legitimate interest."""
    law: str = ""
    """Which law; required for a legal obligation."""
    balancing: str = ""
    """Where the balancing test is kept, or its gist."""
    given_by: str = ""
    granularity: str = ""


class Output(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    form: str
    """``aggregate`` or ``personal``."""
    min_cell: int = 0


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


# ---- how long ----


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
    law: str = ""
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
    within: str = "1 day"


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
    by: str
    needs: str


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


# ---- rights ----


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


# ---- who else ----


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
    """``personal`` or ``aggregate``."""
    detail: Text = {}
    """What for, for the notice; without it, only the English notice says it."""


class Processor(Table, frozen=True, kw_only=True):
    """``[[processor]]``: somebody who works for the controller."""

    id: Id
    name: Text
    does: list[str]
    contract: str
    """Reference of the agreement after GDPR Art. 28."""
    location: str
    categories: list[str] = []
    names: list[str] = []
    needs_consent: str = ""
    detail: Text = {}
    """What it does, for the notice; without it, only the English notice says it."""
    safeguard: str = ""
    website: str = ""


class ProcessorList(Table, frozen=True, kw_only=True):
    """``[processor_list]``: whether the list is public, and how fast it follows a change."""

    publish: bool = True
    change_notice: str = ""
    update_within: str = ""
    counted_from: str = "processor.changed"


class Transfer(Table, frozen=True, kw_only=True):
    """``[[transfer]]``: data that leave the European Economic Area."""

    to: str
    who: list[str]
    safeguard: list[str]
    """Of ``adequacy``, ``scc``, ``bcr``, ``art49-explicit-consent``."""
    detail: Text = {}
    """Where to and to whom, for the notice; without it, only the English notice says it."""
    access: str = ""
    claimed: str = ""


class BusinessTransfer(Table, frozen=True, kw_only=True):
    """``[business_transfer]``: what happens when the business is sold."""

    prospect: str
    buyer: str
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


# ---- messages, decisions, minors ----


class Communication(Table, frozen=True, kw_only=True):
    """``[communication]``: service messages, which cannot be switched off."""

    channels: list[str]
    service_messages: list[str]


class Marketing(Table, frozen=True, kw_only=True):
    """``[marketing]``: offers, and how they are stopped."""

    channels: list[str]
    opt_out_by: list[str]
    opt_out_promise: str
    """The longest time the source allows itself, or ``"at once"``."""
    opt_out_target: str = "1 minute"
    per_channel_consent: list[str] = []
    partner_offers: str = "none"
    """``none``, ``sent-by-controller`` or ``passed-with-consent``."""
    unsuppressible: list[str] = []
    headers: list[str] = field(
        default_factory=lambda: ["List-Unsubscribe", "List-Unsubscribe-Post"]
    )
    never_to: list[str] = []


class Tracker(Table, frozen=True, kw_only=True):
    """``[[tracker]]``: measuring of opening and clicking."""

    what: str
    needs: str
    never_for: list[str] = []


class Automated(Table, frozen=True, kw_only=True):
    """``[[automated]]``: a decision taken by the software alone."""

    id: Id
    effect: str
    allowed_on: list[str]
    inform: str
    review_deadline: str
    review_by: str
    may_overturn: bool = True
    may_object: bool = True
    consequence: Text = {}


class Minors(Table, frozen=True, kw_only=True):
    """``[minors]``: from which age, with whose consent."""

    age: int | str
    """Years, or ``"law"``."""
    policy: str
    """``refuse``, ``erase``, ``with-guardian`` or ``through-school``."""
    guardian_proof: list[str] = []
    on_unverified: str = ""
    """The retention rule that then applies."""
    report_by: str = ""


# ---- cookies ----


class CookieRules(Table, frozen=True, kw_only=True):
    """``[cookies]``: how consent to cookies is asked."""

    sites: list[str] = []
    default: str = "refuse"
    equal_buttons: bool = True
    honour_gpc: bool = True
    withdraw: str = "same banner, one click"
    classes: list[str] = field(default_factory=lambda: ["necessary"])
    """Of ``necessary functional performance marketing``: the classes offered."""
    effect: Text = {}
    """What does not work when cookies are refused."""
    claimed: str = ""


class Cookie(Table, frozen=True, kw_only=True):
    """``[[cookie]]``: one cookie, storage key or group of a vendor."""

    name: str
    """Name or pattern, ``_ga*``."""
    class_: str = field(name="class")
    """``necessary``, ``functional``, ``performance`` or ``marketing``."""
    party: str
    """``first`` or ``third``."""
    lifetime: str
    """A period or ``"session"``."""
    stores: Text
    kind: str = "cookie"
    """``cookie``, ``local-storage``, ``beacon``."""
    host: str = ""
    """Whose host, for third parties."""
    processor: str = ""
    role: str = ""
    """What the platform does with it: ``session csrf choice language display``."""
    data: Text = {}
    """What is in it, where no role says so."""
    opt_out: str = ""
    """Where its supplier lets people object, for third parties."""
    retired: bool = False
    """Named by the source, set by nobody any more: shown, and never let through."""


# ---- the remaining promises ----


class NoticeAtCollection(Table, frozen=True, kw_only=True):
    """``[[notice_at_collection]]``: a short notice beside a form that has rules of its own."""

    where: str
    text: Text = {}


class OnErasure(Table, frozen=True, kw_only=True):
    """``[on_erasure]``: what an erasure does to contracts."""

    may_terminate_contract: bool
    notice: str


class AccuracyReview(Table, frozen=True, kw_only=True):
    """``[accuracy_review]``: how often people are asked whether their data are right."""

    ask_subject: str
    ask_staff: str = ""


class Security(Table, frozen=True, kw_only=True):
    """``[[security]]``: a measure, and the check of ``skola doctor`` that shows it is on."""

    id: Id
    measure: Text
    check: str = ""


class Duty(Table, frozen=True, kw_only=True):
    """``[[duty]]``: a promise that is neither a term nor a purpose, kept by a capability."""

    id: Id
    text: str
    """In one plain sentence, what the software does."""
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


class Policy(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A whole policy file."""

    schema: str
    policy: Head
    change: Change
    service: Service
    controller: Controller
    right_process: RightProcess
    minors: Minors
    cookies: CookieRules
    summary: Summary
    contact: Annotated[list[Contact], Meta(min_length=1)]
    authority: list[Authority] = []
    log: list[LogEntry] = []
    subject: Annotated[list[Subject], Meta(min_length=1)]
    category: Annotated[list[Category], Meta(min_length=1)]
    purpose: Annotated[list[Purpose], Meta(min_length=1)]
    retention: Annotated[list[Retention], Meta(min_length=1)]
    right: Annotated[list[Right], Meta(min_length=1)]
    purpose_lock: list[PurposeLock] = []
    consent: list[ConsentRule] = []
    restriction_by_controller: list[RestrictionByController] = []
    recipient: list[Recipient] = []
    processor: list[Processor] = []
    processor_list: ProcessorList | None = None
    transfer: list[Transfer] = []
    business_transfer: BusinessTransfer | None = None
    dataset: list[Dataset] = []
    publication: list[Publication] = []
    no_store: list[NoStore] = []
    statistics: list[Statistics] = []
    communication: Communication | None = None
    marketing: Marketing | None = None
    tracker: list[Tracker] = []
    automated: list[Automated] = []
    cookie: list[Cookie] = []
    notice_at_collection: list[NoticeAtCollection] = []
    on_erasure: OnErasure | None = None
    accuracy_review: AccuracyReview | None = None
    security: list[Security] = []
    duty: list[Duty] = []
    informational: list[Informational] = []
    section: list[Section] = []
    paragraph: list[Paragraph] = []
