"""A certificate as an Open Badge 3.0: a credential that everybody can verify without asking us.

It is signed with a key of the tenant alone (RS256, as the standard asks); who it is about stands in
it by a salted digest of the e-mail address. What is annulled stands in a public list, by its number
in this software and nothing else. Standard: 1EdTech Open Badges 3.0, with JSON Web Token proof.
"""

import hashlib
import json
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.urls import reverse
from joserfc import jws
from joserfc.jwk import RSAKey

from skola.ground.audit.api import secret
from skola.ground.tenants.api import current_id
from skola.promises.policy.schema import Policy
from skola.services.documents import api as documents
from skola.services.documents.api import Document

CONTEXT = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]
ALGORITHM = "RS256"
BITS = 2048


def _fresh() -> bytes:
    return RSAKey.generate_key(BITS).as_pem(private=True)


@lru_cache(maxsize=64)
def _key(pem: bytes) -> RSAKey:
    return RSAKey.import_key(pem)


def key() -> RSAKey:
    """Return the key with which the speaking tenant signs badges."""
    return _key(secret(current_id(), "badges", _fresh))


def public_key() -> dict[str, Any]:
    """Return what others verify the tenant's badges with, as a JSON Web Key."""
    return {**key().as_dict(private=False), "alg": ALGORITHM, "kid": key().thumbprint()}


def badge(document: Document, *, policy: Policy, site: str) -> str:
    """Return a certificate as a signed credential. ``site`` has no slash at its end."""
    credential = _credential(document, policy, site)
    claims = {
        **credential,
        "iss": credential["issuer"]["id"],
        "jti": credential["id"],
        "nbf": int(document.issued_at.timestamp()),
    }
    if end := _end(document):
        claims["exp"] = int(end.timestamp())
    where = site + reverse("certificates:key", args=[key().thumbprint()])
    header = {"alg": ALGORITHM, "typ": "JWT", "kid": where}
    return jws.serialize_compact(
        header, json.dumps(claims, ensure_ascii=False), key(), algorithms=[ALGORITHM]
    )


def issuer(policy: Policy, site: str) -> dict[str, Any]:
    """Return the profile of who issues."""
    return {
        "id": site + reverse("certificates:issuer"),
        "type": ["Profile"],
        "name": policy.controller.name,
        "url": f"{site}/",
    }


def _end(document: Document) -> datetime | None:
    if document.valid_until is None:
        return None
    zone = documents.zone(document.issued_at)
    return datetime.combine(document.valid_until + timedelta(days=1), time.min, zone)


def _credential(document: Document, policy: Policy, site: str) -> dict[str, Any]:
    made = {
        "@context": CONTEXT,
        "id": document.pk.urn,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": issuer(policy, site),
        "validFrom": _moment(document.issued_at),
        "name": document.title,
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [_holder(document)],
            "achievement": _achievement(document, site),
        },
        "credentialStatus": {
            "id": site + reverse("certificates:revoked"),
            "type": "1EdTechRevocationList",
        },
    }
    if end := _end(document):
        made["validUntil"] = _moment(end)
    return made


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _holder(document: Document) -> dict[str, Any]:
    salt = document.check_code
    digest = hashlib.sha256((document.person.email + salt).encode()).hexdigest()
    return {
        "type": "IdentityObject",
        "hashed": True,
        "identityHash": f"sha256${digest}",
        "identityType": "emailAddress",
        "salt": salt,
    }


def _achievement(document: Document, site: str) -> dict[str, Any]:
    told = f"{document.title}, {document.hours} h"
    return {
        "id": site + documents.check_path(document),
        "type": ["Achievement"],
        "name": document.title,
        "description": told,
        "criteria": {"narrative": told},
    }


def revoked(site: str) -> dict[str, Any]:
    """Return the list of what was annulled, by ids that name nobody."""
    annulled = Document.objects.filter(by_rule=True, annulled_at__isnull=False)
    found: list[UUID] = list(annulled.order_by("pk").values_list("pk", flat=True))
    return {
        "id": site + reverse("certificates:revoked"),
        "issuer": site + reverse("certificates:issuer"),
        "revokedCredential": [{"id": one.urn, "revoked": True} for one in found],
    }
