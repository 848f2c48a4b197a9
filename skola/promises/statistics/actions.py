"""The one way by which numbers about people leave the service."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.promises.policy.api import in_force
from skola.promises.policy.schema import Policy
from skola.promises.statistics.models import PublishedTable
from skola.promises.statistics.rules import Counts, Shown, suppress

CAPABILITY = "statistics.publish"


class NotAllowedError(Exception):
    """The policy has no purpose, or no recipient, for such numbers."""


class OverlapError(Exception):
    """Other days of the same were published already: the difference could give somebody away."""


@dataclass(frozen=True)
class Allowance:
    """What the policy in force says about numbers without names of one category."""

    purpose: str
    least: int
    recipients: tuple[str, ...]
    clause: str


def allowance(category: str, now: datetime) -> Allowance:
    """Return under what the policy lets numbers about this category out. Raises NotAllowedError.

    The purpose enables ``statistics.publish``, names the category and says ``output.form =
    "aggregate"``; a recipient takes the form ``aggregate``. Of several least cells the largest
    holds.
    """
    policy = in_force(now).policy
    for one in policy.purpose:
        is_for = CAPABILITY in one.enables and category in one.categories
        if is_for and one.output is not None and one.output.form == "aggregate":
            takers = tuple(
                each.id
                for each in policy.recipient
                if each.form == "aggregate" and category in each.categories
            )
            if takers:
                clause = one.clause[0] if one.clause else ""
                return Allowance(one.id, _least(policy, one.output.min_cell), takers, clause)
    raise NotAllowedError(_("The policy has no recipient for such numbers."))


def _least(policy: Policy, own: int) -> int:
    return max([own, *(each.min_cell for each in policy.statistics)])


def preview_table(counts: Counts, *, category: str, now: datetime) -> Shown:
    """Return a table as it would be published, for who is responsible for what is counted."""
    return suppress(counts, allowance(category, now).least)


def shown_here(counts: Counts, *, now: datetime) -> Shown:
    """Return a table as the controller's own staff may see it: small numbers are left out."""
    return suppress(counts, _least(in_force(now).policy, 1))


@transaction.atomic
def publish_table(
    counts: Counts,
    *,
    source: str,
    from_on: date,
    until_on: date,
    category: str,
    by: str,
    now: datetime,
) -> PublishedTable:
    """Publish a table of counts, small numbers and what would give them away left out.

    The same days of the same source are published once: asking again returns what was published,
    whatever the counts are now, for the difference of two tables tells of single people. Raises
    NotAllowedError where the policy has no such purpose, and OverlapError for days of which some
    were published with others. Clause: ekool-5.2.5.
    """
    allowed = allowance(category, now)
    earlier = PublishedTable.objects.filter(
        source=source, from_on__lte=until_on, until_on__gte=from_on
    )
    found = list(earlier.select_for_update())
    for one in found:
        if (one.from_on, one.until_on) == (from_on, until_on):
            return one
    if found:
        raise OverlapError(_("Some of these days were published already. Choose other days."))
    shown = suppress(counts, allowed.least)
    made = PublishedTable(
        source=source,
        from_on=from_on,
        until_on=until_on,
        purpose=allowed.purpose,
        recipients=list(allowed.recipients),
        rows=list(shown.rows),
        columns=list(shown.columns),
        numbers=[list(line) for line in shown.numbers],
        least=shown.least,
        published_at=now,
    )
    _publish(made, clause=allowed.clause, by=by, now=now)
    return made


@transaction.atomic
def keep_table(
    shown: Shown,
    *,
    title: str,
    source: str,
    on: date,
    purpose: str,
    recipients: Sequence[str],
    clause: str,
    by: str,
    now: datetime,
) -> PublishedTable:
    """Keep a table as it was shown on a day; a day's table is kept once, and stays as it is.

    Nobody stands in it, so it stays when people are erased (ema-1.4). Recipients are those whom
    the policy's ``[[statistics]]`` names.
    """
    there = PublishedTable.objects.filter(source=source, from_on=on, until_on=on).first()
    if there is not None:
        return there
    made = PublishedTable(
        title=title,
        source=source,
        from_on=on,
        until_on=on,
        purpose=purpose,
        recipients=list(recipients),
        rows=list(shown.rows),
        columns=list(shown.columns),
        numbers=[list(line) for line in shown.numbers],
        least=shown.least,
        published_at=now,
    )
    _publish(made, clause=clause, by=by, now=now)
    return made


def _publish(made: PublishedTable, *, clause: str, by: str, now: datetime) -> None:
    made.digest = digest_of(made)
    made.save()
    gaps = sum(value is None for line in made.numbers for value in line)
    audit.record(
        "statistics.table.published",
        target=made,
        clause=clause,
        by=by,
        at=now,
        detail={"digest": made.digest, "left_out": gaps, "least": made.least},
    )


def digest_of(table: PublishedTable) -> str:
    """Return the SHA-256 of a published table as JSON, in hexadecimal.

    Keys are sorted and nothing stands between; what it is made of stands on the statement.
    """
    told = {
        "source": table.source,
        "from": table.from_on.isoformat(),
        "until": table.until_on.isoformat(),
        "rows": table.rows,
        "columns": table.columns,
        "numbers": table.numbers,
        "least": table.least,
        "at": table.published_at.isoformat(),
    }
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
