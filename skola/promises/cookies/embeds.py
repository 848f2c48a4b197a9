"""Content of other sites in our pages: a placeholder until somebody clicks, or allows its class."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from skola.ground import clock
from skola.promises.cookies import shown
from skola.promises.cookies.queries import standing
from skola.promises.policy.api import in_force

LOAD = "load"
"""The parameter of an address that loads content once: the click."""


@dataclass(frozen=True, slots=True)
class Embed:
    """Content of another site: where it is, and whether it is loaded now."""

    address: str
    host: str
    purpose: str
    more_url: str
    """Where its supplier says what it does with data; empty where the policy names none."""
    loaded: bool


def embed(request: Any, address: str, *, clicked: bool) -> Embed | None:
    """Return content of another site for a page; None where the policy lets none of its host in.

    Loaded is what was clicked, and what is of a class that the visitor allows. Only then may this
    one answer show it: the content security policy names the host for it alone. Clauses:
    ilearn-cookie-thirdparty, learnifier-5.h.
    """
    parts = urlsplit(address)
    now = standing(request)
    entry = now.register.embed(parts.hostname or "") if parts.scheme == "https" else None
    if entry is None or not parts.hostname:
        return None
    loaded = entry.class_ in now.consented or clicked
    if loaded:
        request.embedded = {*getattr(request, "embedded", ()), f"https://{parts.hostname}"}
    policy = in_force(clock.now()).policy
    said = next(one for one in policy.cookie if (one.kind, one.name) == ("embed", entry.name))
    supplier = next((one for one in policy.processor if one.id == said.processor), None)
    website = supplier.website if supplier else ""
    return Embed(address, parts.hostname, shown.said(said.stores), website, loaded)
