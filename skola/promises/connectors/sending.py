"""The one way out: a body goes to an address of the settings, as JSON, or as Sentry takes it.

Nothing else of this room opens a connection but the mail server that ``carrying`` names. No
redirect is followed, so that nothing goes elsewhere than the settings say.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener
from uuid import UUID

from django.conf import settings

from skola.ground.tenants.api import Tenant, current_id

SECONDS = 10
"""How long a processor may take to answer."""
BUSY = frozenset({408, 425, 429})
KEYS = frozenset({401, 403})


class AwayError(Exception):
    """It does not answer, or is too busy; ``problem`` is a word of ``Connection.Problem``."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


class NotTakenError(AwayError):
    """It does not take what we send; asking again is no use until somebody looks."""


@dataclass(frozen=True)
class Address:
    """Where a task of the speaking tenant is done, and the key that opens it there."""

    key: str
    url: str

    @property
    def host(self) -> str:
        """The host, as it is shown: neither key nor path."""
        return urlsplit(self.url).hostname or self.url

    @property
    def is_mail_server(self) -> bool:
        return self.url.startswith(("smtp://", "smtps://"))


def address_of(task: str) -> Address | None:
    """Return where a task of the speaking tenant is done; None where nothing is set.

    In the demo it is a folder, which takes everything and passes on nothing.
    """
    slug = own_slug()
    held = settings.CONNECTORS.get(slug, {}).get(task)
    if held:
        return Address(*held)
    if settings.CONNECTORS_FOLDER is not None:
        return Address("", (Path(settings.CONNECTORS_FOLDER) / slug / task).as_uri())
    return None


def own_slug() -> str:
    """Return how the speaking tenant is called."""
    found: str = Tenant.objects.values_list("slug", flat=True).get(pk=current_id())
    return found


def hand_over(to: Address, body: Any, *, name: UUID, now: datetime) -> None:
    """Send a body, once. ``name`` is the same at each try, so that it can be told that it is one.

    Raises AwayError, and NotTakenError where trying again is no use.
    """
    if to.url.startswith("file:"):
        _write(to, body, name)
        return
    url, data, headers = _sentry(to, body, name, now) if _is_sentry(to) else _plain(to, body, name)
    request = Request(url, data, headers)  # noqa: S310 - the setting allows https, or this machine
    try:
        with _open(request, timeout=SECONDS) as answer:
            answer.read(1_000)
    except HTTPError as error:
        error.close()
        raise _told(error.code) from None
    except (URLError, OSError, ValueError) as error:
        raise AwayError("silent") from error


def _told(code: int) -> AwayError:
    if code in BUSY or code >= 500:
        return AwayError("busy")
    return NotTakenError("key" if code in KEYS else "refused")


def _plain(to: Address, body: Any, name: UUID) -> tuple[str, bytes, dict[str, str]]:
    headers = {"Content-Type": "application/json", "Idempotency-Key": str(name)}
    if to.key:
        headers["Authorization"] = f"Bearer {to.key}"
    return to.url, body if isinstance(body, bytes) else _json(body), headers


def _is_sentry(to: Address) -> bool:
    return to.url.startswith("sentry+")


def _sentry(to: Address, body: Any, name: UUID, now: datetime) -> tuple[str, bytes, dict[str, str]]:
    """An envelope with one event, or one piece of feedback, of exactly these fields."""
    parts = urlsplit(to.url.removeprefix("sentry+"))
    url = f"{parts.scheme}://{parts.netloc}/api/{parts.path.strip('/')}/envelope/"
    event = {
        "event_id": name.hex,
        "timestamp": now.timestamp(),
        "platform": "python",
        **(_event(body) if "error" in body else _feedback(body)),
    }
    kind = "event" if "error" in body else "feedback"
    item = _json(event)
    head = _json({"event_id": name.hex, "sent_at": now.isoformat()})
    said = _json({"type": kind, "length": len(item)})
    auth = f"Sentry sentry_version=7, sentry_client=skola/1, sentry_key={to.key}"
    headers = {"Content-Type": "application/x-sentry-envelope", "X-Sentry-Auth": auth}
    return url, b"\n".join([head, said, item]), headers


def _event(body: dict[str, Any]) -> dict[str, Any]:
    module, _, function = str(body.get("place", "")).partition(":")
    frames = [{"module": module, "function": function, "in_app": True}] if module else []
    one = {"type": body["error"], "stacktrace": {"frames": frames}}
    tags = {word: str(body[word]) for word in ("method", "status", "service") if word in body}
    found = {
        "level": "error",
        "release": body.get("release", ""),
        "transaction": body.get("page", ""),
        "exception": {"values": [one]},
        "tags": tags,
    }
    return {word: value for word, value in found.items() if value}


def _feedback(body: dict[str, Any]) -> dict[str, Any]:
    told = {"message": body.get("words", ""), "url": body.get("page", "")}
    tags = {word: body[word] for word in ("browser", "service") if word in body}
    found = {"release": body.get("release", ""), "contexts": {"feedback": told}, "tags": tags}
    return {word: value for word, value in found.items() if value}


def _write(to: Address, body: Any, name: UUID) -> None:
    folder = Path(urlsplit(to.url).path)
    folder.mkdir(parents=True, exist_ok=True)
    data = body if isinstance(body, bytes) else _json(body)
    (folder / f"{name}.json").write_bytes(data)


def _json(told: Any) -> bytes:
    return json.dumps(told, ensure_ascii=False, sort_keys=True).encode()


class _Stay(HTTPRedirectHandler):
    """Whoever sends us elsewhere is not followed."""

    def redirect_request(self, *_told: Any, **_rest: Any) -> None:
        return None


_open = build_opener(_Stay).open
