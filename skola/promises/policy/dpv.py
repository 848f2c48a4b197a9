"""The policy as JSON-LD in the words of the W3C Data Privacy Vocabulary (DPV), version 2.

For machines of others: catalogues, audits, comparison. The same policy always gives the same text.
"""

import json
from collections.abc import Iterator

from skola.promises.policy.canonical import Plain, policy_hash
from skola.promises.policy.notice_tables import terms_in_words
from skola.promises.policy.periods import Period, Unit, Word, parse_term
from skola.promises.policy.ropa import rules_of, subjects_of
from skola.promises.policy.schema import Latest, Policy, Purpose, Retention
from skola.promises.policy.wording import wording

CONTEXT: dict[str, Plain] = {
    "dpv": "https://w3id.org/dpv#",
    "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
    "dct": "http://purl.org/dc/terms/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

LEGAL_BASES = {
    "consent": "eu-gdpr:A6-1-a",
    "contract": "eu-gdpr:A6-1-b",
    "legal-obligation": "eu-gdpr:A6-1-c",
    "vital-interest": "eu-gdpr:A6-1-d",
    "public-task": "eu-gdpr:A6-1-e",
    "legitimate-interest": "eu-gdpr:A6-1-f",
}
RIGHTS = {
    "information": ("eu-gdpr:A13", "eu-gdpr:A14"),
    "access": ("eu-gdpr:A15",),
    "portability": ("eu-gdpr:A20",),
    "rectification": ("eu-gdpr:A16",),
    "erasure": ("eu-gdpr:A17",),
    "restriction": ("eu-gdpr:A18",),
    "objection": ("eu-gdpr:A21",),
    "withdraw-consent": ("eu-gdpr:A7-3",),
    "complaint": ("eu-gdpr:A77",),
    "review": ("eu-gdpr:A22",),
}
_ISO = {Unit.DAY: "D", Unit.WEEK: "W", Unit.MONTH: "M", Unit.YEAR: "Y"}
_ISO_TIME = {Unit.HOUR: "H", Unit.MINUTE: "M"}


def as_jsonld(policy: Policy) -> dict[str, Plain]:
    """The policy as it is executed, as a JSON-LD document."""
    head = policy.policy
    base = f"urn:skola:policy:{head.tenant}:{head.version}"
    rights = sorted(
        {right for each in policy.right for kind in each.kinds for right in RIGHTS.get(kind, ())}
    )
    return {
        "@context": {**CONTEXT, "@base": f"{base}:"},
        "@id": base,
        "@type": "dpv:PrivacyNotice",
        "dct:title": _texts(head.title or {head.authentic: policy.service.name}),
        "dct:hasVersion": head.version,
        "dct:identifier": policy_hash(policy),
        "dct:issued": {"@type": "xsd:dateTime", "@value": head.published.isoformat()},
        "dct:valid": {"@type": "xsd:dateTime", "@value": head.effective.isoformat()},
        "dpv:hasDataController": {
            "@id": "controller",
            "@type": "dpv:DataController",
            "dpv:hasName": policy.controller.name,
            "dpv:hasAddress": policy.controller.address,
            "dpv:hasContact": policy.controller.email,
        },
        "dpv:hasAuthority": [
            {
                "@id": f"authority/{each.id}",
                "@type": "dpv:DataProtectionAuthority",
                "dpv:hasName": _texts(each.name),
            }
            for each in policy.authority
        ],
        "dpv:hasRight": [{"@id": right} for right in rights],
        "dpv:hasTechnicalOrganisationalMeasure": [
            {"@id": f"security/{each.id}", "rdfs:label": _texts(each.measure)}
            for each in policy.security
        ],
        "dpv:hasProcess": [_process(policy, purpose) for purpose in policy.purpose],
    }


def as_text(policy: Policy) -> str:
    """The document as JSON, keys in order."""
    return json.dumps(as_jsonld(policy), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _texts(text: dict[str, str]) -> Plain:
    return [{"@language": language, "@value": text[language]} for language in sorted(text)]


def _process(policy: Policy, purpose: Purpose) -> Plain:
    held = set(purpose.categories)
    basis: dict[str, Plain] = {"@type": LEGAL_BASES[purpose.basis.kind]}
    if purpose.basis.interest:
        basis["dct:description"] = _texts(purpose.basis.interest)
    if purpose.basis.law:
        law = purpose.basis.law
        basis["dct:source"] = law if isinstance(law, str) else _texts(law)
    receivers = [
        (f"recipient/{each.id}", "dpv:Recipient", each.name)
        for each in policy.recipient
        if not each.categories or held.intersection(each.categories)
    ] + [
        (f"processor/{each.id}", "dpv:DataProcessor", each.name)
        for each in policy.processor
        if not each.categories or held.intersection(each.categories)
    ]
    names = {category.id: category.name for category in policy.category}
    subjects = {subject.id: subject.name for subject in policy.subject}
    return {
        "@id": f"process/{purpose.id}",
        "@type": "dpv:Process",
        "dpv:hasPurpose": {
            "@id": f"purpose/{purpose.id}",
            "@type": "dpv:Purpose",
            "rdfs:label": _texts(purpose.name),
        },
        "dpv:hasLegalBasis": basis,
        "dpv:hasPersonalData": [
            {
                "@id": f"category/{each}",
                "@type": "dpv:PersonalData",
                "rdfs:label": _texts(names[each]),
            }
            for each in purpose.categories
        ],
        "dpv:hasDataSubject": [
            {
                "@id": f"subject/{each}",
                "@type": "dpv:DataSubject",
                "rdfs:label": _texts(subjects[each]),
            }
            for each in subjects_of(policy, purpose)
        ],
        "dpv:hasRecipient": [
            {"@id": ident, "@type": kind, "rdfs:label": _texts(name)}
            for ident, kind, name in receivers
        ],
        "dpv:hasStorageCondition": [
            condition for rule in rules_of(policy, purpose) for condition in _storage(policy, rule)
        ],
    }


def _storage(policy: Policy, rule: Retention) -> Iterator[Plain]:
    terms = [
        (key, term.period, term.after)
        for key, term in (
            ("at_least", rule.at_least),
            ("at_most", rule.at_most),
            ("backstop", rule.backstop),
        )
        if term is not None and term.period
    ]
    language = policy.policy.authentic
    said: Plain = [
        {"@language": language, "@value": " ".join(terms_in_words(rule, wording(language)))}
    ]
    if not terms:
        yield {
            "@id": f"retention/{rule.id}",
            "@type": "dpv:StorageCondition",
            "dct:description": said,
        }
    for key, period, after in terms:
        events = after.latest if isinstance(after, Latest) else [after]
        yield {
            "@id": f"retention/{rule.id}/{key}",
            "@type": "dpv:StorageDuration",
            "dct:description": said,
            "dpv:hasDuration": _duration(period),
            "dct:relation": [f"event/{event}" for event in events],
        }


def _duration(text: str) -> Plain:
    term = parse_term(text, words=frozenset(Word))
    if isinstance(term, Period) and term.unit in _ISO:
        return {"@type": "xsd:duration", "@value": f"P{term.amount}{_ISO[term.unit]}"}
    if isinstance(term, Period) and term.unit in _ISO_TIME:
        return {"@type": "xsd:duration", "@value": f"PT{term.amount}{_ISO_TIME[term.unit]}"}
    return str(term)
