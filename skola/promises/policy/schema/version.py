"""The version, the service, the controller, and where to turn."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, field

from skola.promises.policy.schema.base import Id, Name, Slug, Table, Text


class Classification(StrEnum):
    """How a version changes its predecessor; the notice period follows from it."""

    INITIAL = "initial"
    MINOR = "minor"
    MATERIAL = "material"
    LEGISLATION = "legislation"


class Head(Table, frozen=True, kw_only=True):
    """``[policy]``: which tenant, which version, in force from when."""

    tenant: Slug
    version: Name
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
    logo: Annotated[str, Meta(pattern=r"^(/files/[0-9a-f-]{36}/)?$")] = ""
    """A picture that this service keeps, in place of the mark beside the name."""
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
