"""The gate: whether something may go to somebody outside, and the entry that it went."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models, transaction

from skola.ground.audit import api as audit
from skola.ground.db.purposes import CLAIMS, purpose, reading_for
from skola.ground.ids import uuid7
from skola.promises.disclosures import payload, queries, rules
from skola.promises.disclosures.models import Disclosure, Party
from skola.promises.disclosures.queries import Entry, Stands
from skola.promises.disclosures.rules import Ground, Standing, Why
from skola.promises.gate.api import is_restricted
from skola.promises.inventory.api import fields_known
from skola.promises.policy.api import Policy, in_force
from skola.promises.policy.vocabulary import IDENTIFYING

COMPELLED = frozenset({Ground.LAW, Ground.CLAIM})
"""Grounds that neither a restriction nor a wish ends (GDPR Art. 18(2), 6(1)(c))."""


class RefusedError(Exception):
    """Nothing was passed on. ``why`` says why, and ``lacks`` what is missing."""

    def __init__(self, why: Why, lacks: Sequence[str] = ()) -> None:
        super().__init__(f"{why}: {', '.join(lacks)}" if lacks else str(why))
        self.why, self.lacks = why, tuple(lacks)


@dataclass(frozen=True)
class Passing:
    """What is to be passed on, to whom, and everything that is on record for it."""

    party: Party
    ground: str
    purpose: str = ""
    """A purpose of the policy; empty: what this recipient receives data for."""
    reference: str = ""
    law: str = ""
    document: str = ""
    reasoning: str = ""
    balance: str = ""
    review: str = ""
    approver: UUID | None = None
    scope: tuple[str, ...] = ()
    hidden_until: datetime | None = None
    digest: str = ""
    """SHA-256 of a sealed file that goes out in place of the one made here; its room made it."""
    once: UUID = field(default_factory=uuid7)

    @property
    def said(self) -> Mapping[str, object]:
        """What is on record, by the needs of the policy. Claim and consent are looked up."""
        told = ("reference", "law", "document", "reasoning", "balance", "review", "scope")
        found: dict[str, object] = {need: getattr(self, need) for need in told}
        return {**found, "approval": self.approver, "claim": True, "consent": True}

    @property
    def basis(self) -> str:
        """Everything that it refers to, in one line."""
        return "; ".join(each for each in (self.law, self.document, self.reference) if each)


@dataclass(frozen=True)
class Passed:
    """What went out."""

    content: bytes
    entries: tuple[Disclosure, ...]
    left_out: int
    """People who were not passed on, for a reason of their own."""


def pass_on(
    passing: Passing,
    people: Sequence[UUID],
    *,
    by: str,
    now: datetime,
    records: Sequence[models.Model] = (),
) -> Passed:
    """Let data pass to somebody outside, and write who got what, why and on which ground.

    What goes out are the fields that the policy lists, or those of a demand's scope, of these
    people's records, or of ``records`` only. The same passing again (``once``) gives the same
    fields and adds no entry. Raises RefusedError, and the refusal is in the audit. Sources:
    ilearn-17.a, kic-disclosure-grounds, ema-7.1, ekool-5.1, learnifier-7.a.
    """
    policy = in_force(now).policy
    try:
        with reading_for(CLAIMS if passing.ground in COMPELLED else purpose.get()):
            return _pass(policy, passing, people, records, by, now)
    except RefusedError as error:
        audit.record(
            "disclosures.passing.refused",
            target=passing.party,
            by=by,
            at=now,
            detail={
                "why": str(error.why),
                "lacks": ",".join(error.lacks),
                "ground": passing.ground,
                "people": len(people),
            },
        )
        raise


@transaction.atomic
def _pass(
    policy: Policy,
    passing: Passing,
    people: Sequence[UUID],
    records: Sequence[models.Model],
    by: str,
    now: datetime,
) -> Passed:
    found = queries.stands(policy, passing.party, now)
    entry = demand_fit(found)
    form = _may(entry, passing, queries.valid_papers(policy, passing.party, now))
    fields = rules.allowed(entry.fields, passing.scope, entry.categories, fields_known())
    if passing.scope and set(fields) != set(passing.scope):
        raise RefusedError(Why.OUT_OF_SCOPE, sorted(set(passing.scope) - set(fields)))
    if form == "pseudonymous":
        fields = _nameless(fields)
    free, reasons = _free(entry, passing, people, now)
    gathered = payload.gather(fields, free, records) if fields else []
    if not gathered:
        raise RefusedError(reasons[0] if reasons else Why.NOTHING)
    purpose_of = _purpose(policy, entry, passing)
    head = {
        "recipient": passing.party.name,
        "purpose": purpose_of,
        "ground": passing.ground,
        "reference": passing.basis,
        "passed_at": now.isoformat(),
    }
    known = {one.person_id: one for one in Disclosure.objects.filter(once=passing.once)}
    made = [
        known.get(one.person_id)
        or _entry(policy, found, passing, one, fields, form, purpose_of, now)
        for one in gathered
    ]
    bodies = [
        {"reference": _named(passing, entry_of, form), "records": one.records}
        for entry_of, one in zip(made, gathered, strict=True)
    ]
    content = payload.as_file(head, bodies)
    fresh = [each for each in made if each.person_id not in known]
    if not fresh:
        return Passed(content, tuple(made), len(people) - len(made))
    for each in fresh:
        each.digest = passing.digest or hashlib.sha256(content).hexdigest()
    Disclosure.objects.bulk_create(fresh, ignore_conflicts=True)
    audit.record(
        "disclosures.data.passed",
        target=passing.party,
        subject=made[0].person_id if len(made) == 1 else None,
        by=by,
        at=now,
        detail={"people": len(made), "fields": len(fields), "ground": passing.ground},
    )
    return Passed(content, tuple(made), len(people) - len(made))


def demand_fit(found: Stands) -> Entry:
    """Return the rule of a recipient whom the policy means, who has what it needs and is active.

    Raises RefusedError for any other.
    """
    entry = found.entry
    if entry is None or entry.form == "aggregate":
        raise RefusedError(Why.NOT_IN_POLICY)
    if entry.names and found.party.name not in entry.names:
        raise RefusedError(Why.NOT_IN_POLICY)
    if found.standing is Standing.ENDED:
        raise RefusedError(Why.ENDED)
    if found.standing is Standing.SUSPENDED:
        raise RefusedError(Why.SUSPENDED, found.lacks)
    if found.standing is not Standing.ACTIVE:
        raise RefusedError(Why.NOT_ACTIVE, found.lacks)
    return entry


def _may(entry: Entry, passing: Passing, papers: frozenset[str]) -> str:
    """Ground, purpose and everything on record are as the policy asks. Return the form."""
    if entry.ground is None or passing.ground != entry.ground:
        raise RefusedError(Why.GROUND)
    if passing.purpose and passing.purpose not in entry.purposes:
        raise RefusedError(Why.PURPOSE)
    if lacks := rules.lacking(entry.needs, passing.said):
        raise RefusedError(Why.INCOMPLETE, lacks)
    if entry.named_papers and entry.named_papers <= papers:
        return "personal"
    return entry.form


def _nameless(fields: Sequence[str]) -> tuple[str, ...]:
    known = fields_known()
    return tuple(name for name in fields if known[name] not in IDENTIFYING)


def _free(
    entry: Entry, passing: Passing, people: Sequence[UUID], now: datetime
) -> tuple[list[UUID], list[Why]]:
    """Those who may be passed on, and the reasons of the others."""
    if passing.ground in COMPELLED:
        stopped: frozenset[UUID] = frozenset()
    else:
        stopped = queries.stopped(people)
    unclaimed = set(people) - queries.with_claims(now) if "claim" in entry.needs else set()
    consented = queries.consenting(entry, passing.party, passing.purpose, people, now)
    free, reasons = [], []
    for one in people:
        if one in stopped:
            reasons.append(Why.STOPPED)
        elif passing.ground not in COMPELLED and is_restricted(one, now):
            reasons.append(Why.RESTRICTED)
        elif one in unclaimed:
            reasons.append(Why.NO_CLAIM)
        elif one not in consented:
            reasons.append(Why.NO_CONSENT)
        else:
            free.append(one)
    return free, reasons


def _purpose(policy: Policy, entry: Entry, passing: Passing) -> str:
    return queries.purpose_words(policy, entry, passing.purpose, policy.policy.authentic)


def _named(passing: Passing, made: Disclosure, form: str) -> str:
    """How the recipient knows whom a record is about."""
    if form == "pseudonymous":
        return payload.pseudonym_for(passing.party.salt, made.person_id)
    return made.label


def _entry(
    policy: Policy,
    found: Stands,
    passing: Passing,
    whose: payload.Whose,
    fields: Sequence[str],
    form: str,
    purpose_of: str,
    now: datetime,
) -> Disclosure:
    entry, party = found.entry, passing.party
    assert entry is not None
    day = queries.today(policy, now)
    agreement = next(
        (
            p.reference
            for p in queries.papers_of(party)
            if p.kind == "agreement" and p.holds_on(day)
        ),
        "",
    )
    sent: list[Any] = [name for name in fields if name.rpartition(".")[0] in whose.records]
    return Disclosure(
        person_id=whose.person_id,
        party=party,
        recipient=party.name,
        country=party.country,
        safeguard=queries.safeguard_of(policy, party, day),
        third=not entry.is_processor,
        ground=passing.ground,
        purpose=purpose_of[:200],
        reference="; ".join(each for each in (passing.basis, agreement) if each)[:200],
        note=passing.balance,
        form=form,
        fields=sent,
        records=whose.count,
        at=now,
        once=passing.once,
        hidden_until=passing.hidden_until,
    )
