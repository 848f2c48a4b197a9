"""Objections as pages show them: the name of each use, in the language of the page."""

from collections.abc import Sequence
from typing import Any

from skola.promises.policy.schema import Policy
from skola.promises.rights.erasing.shown import in_language
from skola.promises.rights.models import Objection, RightsRequest
from skola.promises.rights.objections.besides import labels
from skola.promises.rights.objections.queries import of_request
from skola.promises.rights.objections.rules import automated

Use = tuple[str, Objection]


def uses_of(asked: RightsRequest, policy: Policy) -> Sequence[Use]:
    """Return what a request objects to, and what became of it."""
    if asked.kind != RightsRequest.Kind.OBJECTION:
        return ()
    return _named(of_request(asked.pk), policy)


def stopped_uses(person: Any, policy: Policy) -> Sequence[Use]:
    """Return what is stopped for a person now, the latest first."""
    found = Objection.objects.stopping().of(person).order_by("-since_at", "purpose")
    return _named(list(found), policy)


def _named(found: Sequence[Objection], policy: Policy) -> Sequence[Use]:
    names = {one.id: in_language(one.name) for one in policy.purpose}
    names |= {automated(one.id): in_language(one.name) or one.id for one in policy.automated}
    names |= labels()
    return [(names.get(one.purpose, one.purpose), one) for one in found]
