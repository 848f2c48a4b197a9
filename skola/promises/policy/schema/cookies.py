"""Cookies, and how consent to them is asked."""

from msgspec import field

from skola.promises.policy.schema.base import Table, Text


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
    """What the platform does with it: ``session csrf choice language display interests chat``."""
    data: Text = {}
    """What is in it, where no role says so."""
    opt_out: str = ""
    """Where its supplier lets people object, for third parties."""
    retired: bool = False
    """Named by the source, set by nobody any more: shown, and never let through."""
