"""The policy language: one struct per table, one field per key.

A policy is one TOML file. Each struct below is one table of it; the reference with an example of
each is ``docs/reference/policy-language.md``. Unknown keys are refused, and so is a text that lacks
one of the policy's languages. Every table carries ``clause``: the ids of the clauses it executes.

Periods are words: ``"14 days"``, ``"1 month"``, ``"10 years"``, ``"30 working days"``,
``"2 hours"``. They are read by ``skola.promises.policy.periods``. Moments carry an offset.
"""

from typing import Annotated

from msgspec import Meta, Struct

from skola.promises.policy.schema.base import (
    Clauses,
    Id,
    Table,
    Text,
    in_language,
)
from skola.promises.policy.schema.cookies import (
    Cookie,
    CookieRules,
)
from skola.promises.policy.schema.data import (
    Basis,
    Category,
    CategoryGroup,
    ConsentRule,
    Heading,
    Output,
    Purpose,
    PurposeLock,
    Subject,
)
from skola.promises.policy.schema.messages import (
    Automated,
    Communication,
    Marketing,
    Message,
    Minors,
    Tracker,
)
from skola.promises.policy.schema.notice import (
    AccuracyReview,
    DataQuality,
    Dunning,
    Duty,
    FormField,
    Informational,
    NoticeAtCollection,
    OnErasure,
    Origins,
    Paragraph,
    Section,
    Security,
    Staff,
    Summary,
    Undertaking,
)
from skola.promises.policy.schema.parties import (
    BusinessTransfer,
    Dataset,
    Network,
    NoStore,
    PassingOn,
    Processor,
    ProcessorList,
    Publication,
    Recipient,
    Statistics,
    Transfer,
)
from skola.promises.policy.schema.terms import (
    Backstop,
    Ceiling,
    Channel,
    Except,
    Fee,
    Floor,
    Latest,
    Override,
    RestrictionByController,
    Retention,
    Right,
    RightProcess,
    Then,
)
from skola.promises.policy.schema.version import (
    Authority,
    Change,
    Classification,
    Contact,
    Controller,
    Head,
    LogEntry,
    Service,
)

__all__ = [
    "AccuracyReview",
    "Authority",
    "Automated",
    "Backstop",
    "Basis",
    "BusinessTransfer",
    "Category",
    "CategoryGroup",
    "Ceiling",
    "Change",
    "Channel",
    "Classification",
    "Clauses",
    "Communication",
    "ConsentRule",
    "Contact",
    "Controller",
    "Cookie",
    "CookieRules",
    "DataQuality",
    "Dataset",
    "Dunning",
    "Duty",
    "Except",
    "Fee",
    "Floor",
    "FormField",
    "Head",
    "Heading",
    "Id",
    "Informational",
    "Latest",
    "LogEntry",
    "Marketing",
    "Message",
    "Minors",
    "Network",
    "NoStore",
    "NoticeAtCollection",
    "OnErasure",
    "Origins",
    "Output",
    "Override",
    "Paragraph",
    "PassingOn",
    "Policy",
    "Processor",
    "ProcessorList",
    "Publication",
    "Purpose",
    "PurposeLock",
    "Recipient",
    "RestrictionByController",
    "Retention",
    "Right",
    "RightProcess",
    "Section",
    "Security",
    "Service",
    "Staff",
    "Statistics",
    "Subject",
    "Summary",
    "Table",
    "Text",
    "Then",
    "Tracker",
    "Transfer",
    "Undertaking",
    "in_language",
]


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
    category_group: list[CategoryGroup] = []
    purpose: Annotated[list[Purpose], Meta(min_length=1)]
    retention: Annotated[list[Retention], Meta(min_length=1)]
    right: Annotated[list[Right], Meta(min_length=1)]
    heading: list[Heading] = []
    purpose_lock: list[PurposeLock] = []
    consent: list[ConsentRule] = []
    restriction_by_controller: list[RestrictionByController] = []
    recipient: list[Recipient] = []
    processor: list[Processor] = []
    processor_list: ProcessorList | None = None
    passing_on: PassingOn | None = None
    transfer: list[Transfer] = []
    business_transfer: BusinessTransfer | None = None
    dataset: list[Dataset] = []
    publication: list[Publication] = []
    network: list[Network] = []
    no_store: list[NoStore] = []
    statistics: list[Statistics] = []
    communication: Communication | None = None
    marketing: Marketing | None = None
    message: list[Message] = []
    tracker: list[Tracker] = []
    automated: list[Automated] = []
    cookie: list[Cookie] = []
    notice_at_collection: list[NoticeAtCollection] = []
    form_field: list[FormField] = []
    on_erasure: OnErasure | None = None
    accuracy_review: AccuracyReview | None = None
    data_quality: DataQuality | None = None
    origins: Origins | None = None
    dunning: Dunning | None = None
    staff: Staff | None = None
    undertaking: Undertaking | None = None
    security: list[Security] = []
    duty: list[Duty] = []
    informational: list[Informational] = []
    section: list[Section] = []
    paragraph: list[Paragraph] = []
