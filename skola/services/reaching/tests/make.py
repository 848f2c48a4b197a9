"""Makers of notices, devices, and a push service for tests."""

import json
from base64 import urlsafe_b64encode
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message
from itertools import count
from typing import Any
from urllib.error import HTTPError

import http_ece
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from skola.ground.people.models import Person
from skola.promises.disclosures.models import Party
from skola.promises.disclosures.tests import make as disclosures
from skola.services.reaching.models import Delivery, Device, Notice, Token
from skola.services.reaching.tokens import digest

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOST = "https://updates.push.services.mozilla.com"
_numbers = count(1)


@dataclass
class Phone:
    """A browser that agreed to show notices, with the keys that it alone has."""

    endpoint: str = ""
    secret: bytes = b"sixteen bytes ok"
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def __post_init__(self) -> None:
        self.endpoint = self.endpoint or f"{HOST}/wpush/v2/{next(_numbers)}"

    @property
    def told(self) -> dict[str, str]:
        """What it tells the page on which it agreed."""
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {"endpoint": self.endpoint, "p256dh": _text(point), "auth": _text(self.secret)}

    def reads(self, body: bytes) -> dict[str, str]:
        """Open what was sent to it."""
        opened = http_ece.decrypt(
            body, private_key=self.key, auth_secret=self.secret, version="aes128gcm"
        )
        found: dict[str, str] = json.loads(opened)
        return found


class PushService:
    """Who carries notices: remembers what it was given, and answers as it is told."""

    def __init__(self) -> None:
        self.asked: list[Any] = []
        self.answers: dict[str, int] = {}

    def __call__(self, request: Any, timeout: int) -> Any:
        self.asked.append(request)
        code = self.answers.get(request.full_url, 201)
        if code >= 400:
            raise HTTPError(request.full_url, code, "no", Message(), None)
        return nullcontext()


def carrier(at: datetime = AT, *, entry: str = "processor.push-mozilla") -> Party:
    """Who carries notices to devices, with everything on file."""
    return disclosures.party(entry, papers=("agreement", "scc"), country="US", at=at)


def device(person: Person, phone: Phone | None = None, *, at: datetime = AT) -> Device:
    """A phone of somebody."""
    told = (phone or Phone()).told
    return Device.objects.create(person=person, name="Firefox, Android", added_at=at, **told)


def notice(person: Person, *, at: datetime = AT) -> Notice:
    """Something that somebody is told."""
    about = f"office {next(_numbers)}"
    return Notice.objects.create(
        person=person, about=about, title="Your lesson", text="It begins at ten.", written_at=at
    )


def delivery(person: Person, channel: str = "phone", *, at: datetime = AT) -> Delivery:
    """One try to reach somebody."""
    told = notice(person, at=at)
    return Delivery.objects.create(notice=told, step=1, channel=channel, queued_at=at)


def token(person: Person, key: str = "", *, at: datetime = AT) -> Token:
    """A key of somebody for an app."""
    key = key or f"skola_{next(_numbers)}"
    return Token.objects.create(person=person, name="My phone", digest=digest(key), made_at=at)


def _text(found: bytes) -> str:
    return urlsafe_b64encode(found).decode().rstrip("=")
