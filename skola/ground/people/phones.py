"""Who carries text messages: a gateway that is told a number and a text, and nothing else.

``Http`` speaks plain JSON to a gateway as ``docs/reference/text-messages.md`` says; ``Local``
writes into a folder, for demo and tests. Which one, and each tenant's keys, are settings.
Nothing calls a gateway but ``promises.disclosures``, behind the gate.
Clauses: ekool-5.2.1, ema-2.1-contact.
"""

import json
import re
from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

from django.conf import settings

from skola.ground.tenants.api import Tenant, current_id

SECONDS = 10
"""How long a gateway may take to answer."""


class GatewayError(Exception):
    """The gateway does not answer, or not as it should. It can be asked again."""


class NumberError(Exception):
    """The gateway takes no message to this number, or this is no number. Asking again is no use."""


class Gateway(Protocol):
    """What the rest of Skola knows of who carries text messages."""

    def send(self, number: str, text: str) -> str:
        """Hand over a text, and return its number there. Raises GatewayError and NumberError."""

    def status(self, reference: str) -> str:
        """Return ``sent``, ``delivered`` or ``failed``. Raises GatewayError."""


@dataclass(frozen=True)
class Http:
    """A gateway by HTTP: ``POST /messages`` and ``GET /messages/{id}``, basic authentication."""

    account: str
    secret: str
    address: str

    def send(self, number: str, text: str) -> str:
        """Number and text go out, and nothing else (ekool-5.2.1)."""
        found = self._ask("/messages", {"to": number, "text": text})
        reference = found.get("id")
        if not isinstance(reference, str) or not 0 < len(reference) <= 80:
            raise GatewayError("The answer has no id.")
        return reference

    def status(self, reference: str) -> str:
        """Every word but those of an end means that it is under way."""
        said = self._ask(f"/messages/{quote(reference, safe='')}").get("status")
        return said if said in ("delivered", "failed") else "sent"

    def _ask(self, path: str, told: dict[str, str] | None = None) -> dict[str, Any]:
        key = b64encode(f"{self.account}:{self.secret}".encode()).decode()
        request = Request(  # noqa: S310 - the address is a setting, and checked there
            f"{self.address}{path}",
            None if told is None else json.dumps(told).encode(),
            {"Authorization": f"Basic {key}", "Content-Type": "application/json"},
        )
        try:
            with urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
                found = json.load(answer)
        except HTTPError as error:
            if told is not None and error.code in (400, 422):
                raise NumberError(f"The gateway said {error.code}.") from error
            raise GatewayError(f"The gateway said {error.code}.") from error
        except (URLError, TimeoutError, ValueError) as error:
            raise GatewayError("The gateway does not answer.") from error
        if not isinstance(found, dict):
            raise GatewayError("The answer is no object.")
        return found


@dataclass(frozen=True)
class Local:
    """A gateway that carries nothing: each message is a file, and counts as delivered."""

    folder: Path

    def send(self, number: str, text: str) -> str:
        """Write the message into the folder."""
        reference = sha256(f"{number} {text}".encode()).hexdigest()[:32]
        self.folder.mkdir(parents=True, exist_ok=True)
        told = json.dumps({"to": number, "text": text}, ensure_ascii=False)
        (self.folder / f"{reference}.json").write_text(told, encoding="utf-8")
        return reference

    def status(self, reference: str) -> str:
        """Say that it was delivered, where it is in the folder."""
        return "delivered" if (self.folder / f"{Path(reference).name}.json").exists() else "failed"


def gateway() -> Gateway | None:
    """Return who carries text messages for the speaking tenant; None where nobody does."""
    if settings.SMS == "local":
        return Local(settings.SMS_FOLDER)
    if not settings.SMS_URL or not settings.SMS_KEYS:
        return None
    slug = Tenant.objects.values_list("slug", flat=True).get(pk=current_id())
    held = settings.SMS_KEYS.get(slug)
    return Http(*held, address=settings.SMS_URL) if held else None


def international(phone: str) -> str:
    """Return a number as a gateway takes it, ``+3725550123`` (ITU-T E.164); empty for another.

    A number without the code of its country is not guessed at.
    """
    bare = re.sub(r"[\s().\-/]", "", phone)
    bare = f"+{bare[2:]}" if bare.startswith("00") else bare
    return bare if re.fullmatch(r"\+[1-9][0-9]{6,14}", bare) else ""
