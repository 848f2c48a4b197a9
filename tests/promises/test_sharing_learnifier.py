"""What one achieved, shared: nothing goes by itself, and a preview shows all that would go."""

import contextlib
import re
import socket
from html import unescape
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from django.urls import reverse
from joserfc import jwt
from joserfc.errors import BadSignatureError
from joserfc.jwk import RSAKey

from skola.ground.tenants.models import Tenant
from skola.services.certificates.tests.make import certifying
from skola.services.courses.tests import make as courses
from skola.services.documents.actions import annul
from skola.services.documents.models import Document
from tests.promises.asking import text
from tests.promises.keeping import keeps
from tests.promises.marking import AT
from tests.promises.people import browser, customer, log_in, signed_in

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.tenant("learnifier"),
    pytest.mark.usefixtures("standing"),
]


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Where the service calls out to."""
    made: list[Any] = []
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        made.append(address)
        real(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)
    return made


@keeps("learnifier-5.s")
def test_a_completed_course_is_shared_by_a_click_after_a_preview(
    tenant: Tenant, calls: list[Any]
) -> None:
    with contextlib.suppress(OSError):  # what is watched sees calls
        socket.create_connection(("127.0.0.1", 9), timeout=1)
    assert calls.pop() == ("127.0.0.1", 9)
    who, course = browser(tenant), certifying()
    assert log_in(who, customer().email)
    who.post(reverse("courses:enrol", args=[course.slug]))
    for lesson in courses.lessons_of(course):
        who.post(reverse("courses:complete", args=[course.slug, lesson.slug]), {"done": "yes"})
    made = Document.objects.get()
    page = text(who, reverse("certificates:certificate", args=[made.pk]))
    assert calls == []
    place = reverse("certificates:share", args=[made.pk, "facebook"])
    assert f'href="{place}"' in page

    preview = unescape(text(who, place))
    assert calls == []
    sent = _sent(preview)
    link = f"http://{tenant.slug}.localhost{_check(made)}"
    words = f"I have completed “{made.title}” at Learnifier."
    assert sent == {"u": [link], "quote": [words]}
    shown = preview.partition("What will be sent")[2].partition('id="send"')[0]
    assert link in shown
    assert words in shown
    assert made.holder not in _sent_words(sent)
    assert "does not tell your name" in shown

    other = unescape(text(who, f"{place}?words={quote('I can do it & more')}"))
    assert _sent(other) == {"u": [link], "quote": ["I can do it & more"]}
    assert "I can do it & more" in other.partition("What will be sent")[2].partition("send")[0]
    assert calls == []
    stranger = signed_in(tenant, customer("jana@example.org").email)
    assert stranger.get(place).status_code == 404
    unnamed = reverse("certificates:share", args=[made.pk, "elsewhere"])
    assert who.get(unnamed).status_code == 404


def _check(document: Document) -> str:
    return f"/documents/check/?number={document.label}&code={document.code}"


def _sent(page: str) -> dict[str, list[str]]:
    """What the button that opens the network gives it."""
    (address,) = re.findall(r'id="send" href="([^"]+)"', page)
    assert address.startswith("https://www.facebook.com/sharer/sharer.php?")
    return parse_qs(urlsplit(address).query)


def _sent_words(sent: dict[str, list[str]]) -> str:
    return " ".join(word for values in sent.values() for word in values)


def test_a_badge_is_verified_by_anybody_and_listed_when_it_is_annulled(tenant: Tenant) -> None:
    """The key is where the badge says, a changed badge fails, and lists and badge name nobody."""
    who, course = browser(tenant), certifying()
    account = customer()
    assert log_in(who, account.email)
    who.post(reverse("courses:enrol", args=[course.slug]))
    for lesson in courses.lessons_of(course):
        who.post(reverse("courses:complete", args=[course.slug, lesson.slug]), {"done": "yes"})
    made, anybody = Document.objects.get(), browser(tenant)
    place = reverse("certificates:badge", args=[made.pk])
    signed = who.get(place).content.decode()
    assert anybody.get(place).status_code == 302

    where = _header(signed)["kid"]
    assert where.startswith("http://learnifier.localhost/")
    key = RSAKey.import_key(anybody.get(urlsplit(where).path).json())
    told = jwt.decode(signed, key, algorithms=["RS256"]).claims
    assert told["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert told["credentialSubject"]["achievement"]["name"] == course.title
    assert account.email not in str(told)
    assert account.person.family_name not in str(told)
    head, body, signature = signed.split(".")
    with pytest.raises(BadSignatureError):
        jwt.decode(f"{head}.{body[:-4]}AAAA.{signature}", key, algorithms=["RS256"])

    profile = anybody.get(urlsplit(told["iss"]).path).json()
    assert profile == told["issuer"]
    status = urlsplit(told["credentialStatus"]["id"]).path
    assert anybody.get(status).json()["revokedCredential"] == []
    annul(made, because="A slip.", by="office", now=AT)
    assert anybody.get(status).json()["revokedCredential"] == [{"id": told["id"], "revoked": True}]
    assert who.get(place).status_code == 404


def _header(signed: str) -> dict[str, Any]:
    from joserfc.jws import extract_compact

    return dict(extract_compact(signed.encode()).headers())
