"""The record of processing activities (GDPR Art. 30), made from the policy as it is executed."""

import json
from collections.abc import Sequence

from skola.promises.policy.canonical import Plain, policy_hash
from skola.promises.policy.notice_tables import terms_in_words
from skola.promises.policy.schema import Policy, Purpose, Retention, in_language
from skola.promises.policy.wording import wording


def record_of_processing(policy: Policy, language: str = "") -> dict[str, Plain]:
    """The record as plain data, one activity a purpose, in one of the policy's languages.

    Without ``language`` the binding one is used. The same policy always gives the same record.
    """
    language = language or policy.policy.authentic
    head, controller = policy.policy, policy.controller
    officers = [each for each in policy.contact if each.kind == "data-protection"]
    return {
        "schema": "skola.ropa/1",
        "language": language,
        "policy": {
            "tenant": head.tenant,
            "version": head.version,
            "effective": head.effective.isoformat(),
            "hash": policy_hash(policy),
            "law": list(head.law),
        },
        "controller": {
            "name": controller.name,
            "address": controller.address,
            "reg_no": controller.reg_no,
            "country": controller.country,
            "roles": list(controller.roles),
        },
        "data_protection_contact": [
            {"email": each.email, "phone": each.phone, "address": each.address} for each in officers
        ],
        "headings": [
            {"id": each.id, "name": each.name[language], "purposes": list(each.purposes)}
            for each in policy.heading
        ],
        "activities": [_activity(policy, purpose, language) for purpose in policy.purpose],
        "processed_for_others": [
            {
                "dataset": dataset.id,
                "controller": dataset.controller,
                "categories": list(dataset.categories),
            }
            for dataset in policy.dataset
            if dataset.role == "processor"
        ],
    }


def as_json(policy: Policy, language: str = "") -> str:
    """The record as JSON, keys in order."""
    record = record_of_processing(policy, language)
    return json.dumps(record, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _activity(policy: Policy, purpose: Purpose, language: str) -> Plain:
    held = set(purpose.categories)
    basis = purpose.basis
    return {
        "purpose": purpose.id,
        "name": purpose.name[language],
        "clause": list(purpose.clause),
        "basis": {
            "kind": basis.kind,
            "article": f"GDPR Art. {basis.art}",
            "interest": basis.interest.get(language, ""),
            "law": in_language(basis.law, language),
            "balancing": basis.balancing,
        },
        "impact_assessment": purpose.assessment,
        "compatibility": purpose.compatibility,
        "subjects": [
            {"id": subject.id, "name": subject.name[language]}
            for subject in policy.subject
            if subject.id in subjects_of(policy, purpose)
        ],
        "categories": [
            {
                "id": category.id,
                "name": category.name[language],
                "holds": list(category.holds),
                "sources": list(category.sources),
                "level": category.level,
            }
            for category in policy.category
            if category.id in held
        ],
        "counted": list(purpose.output.counts) if purpose.output else [],
        "recipients": [
            {"id": each.id, "name": each.name[language], "role": each.role, "basis": each.basis}
            for each in policy.recipient
            if _touches(each.categories, held)
        ],
        "processors": [
            {
                "id": each.id,
                "name": each.name[language],
                "contract": in_language(each.contract, language),
                "location": each.location,
            }
            for each in policy.processor
            if _touches(each.categories, held)
        ],
        "transfers": [
            {
                "to": each.detail.get(language) or each.to,
                "who": [in_language(one, language) for one in each.who],
                "safeguard": list(each.safeguard),
            }
            for each in policy.transfer
        ],
        "retention": [
            {
                "rule": rule.id,
                "categories": [each for each in rule.categories if each in held],
                "terms": list(terms_in_words(rule, wording(language))),
            }
            for rule in rules_of(policy, purpose)
        ],
        "security": [measure.measure[language] for measure in policy.security],
        "rights": list(rights_against(policy, purpose)),
    }


_ONLY_UNDER = {
    "objection": {"legitimate-interest", "public-task"},
    "portability": {"consent", "contract"},
    "withdraw-consent": {"consent"},
}
"""Rights that depend on the basis (GDPR Art. 7(3), 20, 21); the others always exist."""


def rights_against(policy: Policy, purpose: Purpose) -> Sequence[str]:
    """The kinds of rights that people have where their data serve a purpose."""
    kinds = dict.fromkeys(kind for right in policy.right for kind in right.kinds)
    basis = purpose.basis.kind
    return [kind for kind in kinds if basis in _ONLY_UNDER.get(kind, {basis})]


def subjects_of(policy: Policy, purpose: Purpose) -> list[str]:
    """Whose data a purpose concerns: those it names, else those of its categories, else all."""
    if purpose.subjects:
        return list(purpose.subjects)
    of_categories = [each.subjects for each in policy.category if each.id in purpose.categories]
    if of_categories and all(of_categories):
        return list(dict.fromkeys(subject for each in of_categories for subject in each))
    return [subject.id for subject in policy.subject]


def rules_of(policy: Policy, purpose: Purpose) -> list[Retention]:
    """The retention rules that concern the data of a purpose."""
    return [rule for rule in policy.retention if set(rule.categories) & set(purpose.categories)]


def _touches(categories: Sequence[str], held: set[str]) -> bool:
    """Whether somebody receives some of the data; who names no categories may receive any."""
    return not categories or bool(held.intersection(categories))
