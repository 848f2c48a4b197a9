"""A consent as a receipt for its person: JSON-LD after ISO/IEC TS 27560 in the words of the DPV.

Written on demand, from the row and from the version of the policy under which it was given. It
names nobody: who it belongs to has it. Source: the DPV guide for ISO/IEC TS 27560:2023.
"""

from collections.abc import Iterator
from datetime import datetime

from skola.promises.consents.models import Consent
from skola.promises.policy.canonical import Plain
from skola.promises.policy.dpv import CONTEXT
from skola.promises.policy.schema import Policy

PROFILE = "https://w3id.org/dpv/schema/dpv-27560"
_ENDED = {
    Consent.End.WITHDRAWN: "dpv:ConsentWithdrawn",
    Consent.End.RENEWED: "dpv:RenewedConsentGiven",
    Consent.End.EXPIRED: "dpv:ConsentExpired",
    Consent.End.OF_AGE: "dpv:ConsentExpired",
    Consent.End.CHANGED: "dpv:ConsentInvalidated",
}
"""How the DPV calls the state after each end."""


def receipt(one: Consent, policy: Policy, *, now: datetime) -> dict[str, Plain]:
    """Return the receipt of a consent, as of now."""
    return {
        "@context": {**CONTEXT, "schema": "https://schema.org/"},
        "@id": f"urn:uuid:{one.pk}#receipt",
        "@type": "dpv:ConsentReceipt",
        "dct:conformsTo": {"@id": f"{PROFILE}#receipt"},
        "dct:created": _moment(now),
        "dct:publisher": policy.controller.name,
        "dpv:hasRecordOfActivity": _record(one, policy),
    }


def _record(one: Consent, policy: Policy) -> Plain:
    return {
        "@id": f"urn:uuid:{one.pk}",
        "@type": "dpv:ConsentRecord",
        "dct:conformsTo": {"@id": f"{PROFILE}#record"},
        "dct:identifier": str(one.pk),
        "dpv:hasDataSubject": {"@type": "dpv:DataSubject"},
        "dpv:hasDataController": {
            "@type": "dpv:DataController",
            "dpv:hasName": policy.controller.name,
            "dpv:hasAddress": policy.controller.address,
            "dpv:hasContact": policy.controller.email,
        },
        "dpv:hasNotice": {
            "@type": "dpv:ConsentNotice",
            "dct:hasVersion": one.version,
            "dct:identifier": one.policy_hash,
            "dct:language": one.language,
            "dct:description": one.wording,
        },
        "dpv:hasProcess": _process(one, policy),
        "dpv:hasConsentStatus": list(_events(one)),
    }


def _process(one: Consent, policy: Policy) -> Plain:
    found = next((each for each in policy.purpose if each.id == one.purpose), None)
    told: dict[str, Plain] = {
        "@type": "dpv:Process",
        "dpv:hasPurpose": {
            "@type": "dpv:Purpose",
            "dct:identifier": one.purpose,
            "dct:title": found.name.get(one.language, one.purpose) if found else one.purpose,
            "schema:sha256": one.purpose_hash,
        },
        "dpv:hasLegalBasis": {"@id": "eu-gdpr:A6-1-a"},
        "dpv:hasPersonalData": list(found.categories) if found else [],
    }
    if one.scope:
        told["dpv:hasScope"] = one.scope
    return told


def _events(one: Consent) -> Iterator[Plain]:
    yield {
        "@type": "dpv:ConsentGiven",
        "dpv:isIndicatedAtTime": _moment(one.given_at),
        "dpv:hasIndicationMethod": one.channel,
        "dpv:isIndicatedBy": "guardian" if one.giver_id else "dpv:DataSubject",
        "dpv:hasDuration": {"@type": "dpv:UntilTimeDuration", "@value": _iso(one.valid_until)},
    }
    if one.ended_at is not None:
        told: dict[str, Plain] = {
            "@type": _ENDED[Consent.End(one.end)],
            "dpv:isIndicatedAtTime": _moment(one.ended_at),
        }
        if one.ended_by:
            told["dpv:hasIndicationMethod"] = one.ended_by
        yield told


def _moment(at: datetime) -> Plain:
    return {"@type": "xsd:dateTime", "@value": _iso(at)}


def _iso(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
