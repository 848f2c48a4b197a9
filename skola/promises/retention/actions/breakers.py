"""The breaker: a rule that would erase far more than foreseen erases nothing until released.

What it covers stays hidden meanwhile, for reading asks the due dates and not the sweep. The other
rules go on. How much is allowed stands in ``allowances``.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db import connection, transaction
from django.db.models import OuterRef, QuerySet, Subquery, Sum

from skola.ground.audit import api as audit
from skola.ground.tenants.api import current_id
from skola.promises.retention import statements
from skola.promises.retention.actions.clocks import any_holds
from skola.promises.retention.allowances import RELEASE_HOLDS, Allowance, Allowances
from skola.promises.retention.models import Breaker, Forecast, Sweep
from skola.promises.retention.report import Refused
from skola.promises.retention.sql import Clockwork, literal
from skola.promises.retention.terms import Promises

LOCK = 20_817
"""Number of the lock under which batches of one tenant are counted, one after the other."""


class NothingToReleaseError(ValueError):
    """A release of a rule that no breaker stops."""


class OverAllowanceError(Exception):
    """A batch went beyond what its rules may erase; it is undone."""

    def __init__(self, rules: set[str]) -> None:
        super().__init__(", ".join(sorted(rules)))
        self.rules = rules


def allowances(promises: Promises, now: datetime) -> Allowances:
    """Return what each rule may erase on the local day of ``now``.

    Foreseen is what earlier days foresaw for this day, and for the days without a sweep before it.
    """
    today = now.astimezone(promises.zone).date()
    begin = datetime.combine(today, time(), promises.zone)
    last = Sweep.objects.order_by("-swept_at").values_list("swept_at", flat=True).first()
    first = today
    if last is not None and last < begin:
        first = min(today, last.astimezone(promises.zone).date() + timedelta(days=1))
    foreseen: dict[str, int] = dict(
        _newest(first, today).values_list("rule").annotate(Sum("count")).order_by()
    )
    released: dict[str, int] = {}
    since = begin
    for one in Breaker.objects.filter(released_at__gt=now - RELEASE_HOLDS):
        released[one.rule] = released.get(one.rule, 0) + one.due
        since = min(since, one.released_at or since)
    erased = erased_since(since)
    rules = {*foreseen, *released, *erased}
    return Allowances(
        since,
        {
            rule: Allowance(foreseen.get(rule, 0), released.get(rule, 0), erased.get(rule, 0))
            for rule in rules
        },
    )


def _newest(first: date, last: date) -> QuerySet[Forecast]:
    """The yardsticks of these days, each day's as foreseen last before it began."""
    return Forecast.objects.filter(day__range=(first, last), is_yardstick=True).filter(
        made_on=Subquery(
            Forecast.objects.filter(day=OuterRef("day"), is_yardstick=True)
            .order_by("-made_on")
            .values("made_on")[:1]
        )
    )


def erased_since(moment: datetime) -> dict[str, int]:
    """Return how many parts each rule has erased since, as the audit tells."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select detail->>'rule', sum((detail->>'count')::bigint)::bigint from audit_entry"
            f" where tenant_id = {literal(current_id())} and at >= %s and kind = %s group by 1",
            [moment, statements.KIND],
        )
        return {rule: int(count) for rule, count in cursor.fetchall()}


def keep_within(limits: Allowances, rules: set[str]) -> None:
    """Raise OverAllowanceError where one of these rules has erased more than it may.

    Counts what other sweeps have erased as well: their batches wait for the lock.
    """
    erased = erased_since(limits.since)
    over = {rule for rule in rules if erased.get(rule, 0) > limits.of(rule).limit}
    if over:
        raise OverAllowanceError(over)


def one_batch_at_a_time() -> None:
    """Let no other sweep of the tenant count a batch until this transaction has ended."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, hashtext(%s))", [LOCK, str(current_id())])


def due_by_rule(works: Iterable[Clockwork], now: datetime) -> dict[str, int]:
    """Return how many parts of these tables are due by each rule, judged row by row."""
    found: dict[str, int] = {}
    holds = any_holds()
    with connection.cursor() as cursor:
        for work in works:
            text = statements.preview(work, current_id(), now, holds=holds, anew=False)
            cursor.execute(text)
            for rule, count, _oldest in cursor.fetchall():
                found[rule] = found.get(rule, 0) + count
    return found


def refuse(counted: dict[str, int], limits: Allowances) -> dict[str, Refused]:
    """Return the rules of which more is due than they may erase."""
    return {
        rule: Refused(rule, counted[rule], limits.of(rule).left, limits.of(rule).foreseen)
        for rule in limits.exceeded(counted)
    }


def is_surely_within(works: list[Clockwork], limits: Allowances, now: datetime) -> bool:
    """Whether so few dates have passed that no rule can be over its allowance.

    Spares a small sweep the judging of its rows before the sweep judges them.
    """
    if not works:
        return True
    rules = {rule.id for work in works for rule in work.ceilings}
    most = min((limits.of(rule).left for rule in rules), default=0)
    counts = " + ".join(
        f"(select count(*) from ({statements.due_keys(work, current_id(), now, most + 1)}) d)"
        for work in works
    )
    with connection.cursor() as cursor:
        cursor.execute(f"select {counts}")
        return bool(cursor.fetchone()[0] <= most)


@transaction.atomic
def trip(one: Refused, now: datetime) -> None:
    """Stop a rule and say so in the audit; one that is stopped already only counts anew."""
    facts = {"due": one.due, "allowed": one.allowed, "foreseen": one.foreseen}
    _, is_new = Breaker.objects.update_or_create(
        rule=one.rule,
        released_at=None,
        ended_at=None,
        defaults=facts,
        create_defaults={**facts, "tripped_at": now},
    )
    if is_new:
        detail = {"rule": one.rule, **facts}
        audit.record("retention.breaker.tripped", by="system", at=now, detail=detail)


def close_others(stopped: Iterable[str], now: datetime) -> None:
    """End the open breakers of rules that are within their allowance again."""
    Breaker.objects.filter(released_at=None, ended_at=None).exclude(rule__in=list(stopped)).update(
        ended_at=now
    )


@transaction.atomic
def release_rule(rule: str, *, reason: str, by: str, now: datetime) -> Breaker:
    """Let a stopped rule erase as many parts as were due when it was stopped.

    The release counts for 24 hours. Raises NothingToReleaseError.
    """
    found = Breaker.objects.select_for_update().filter(rule=rule, released_at=None, ended_at=None)
    breaker = found.first()
    if breaker is None:
        raise NothingToReleaseError(f"No breaker stops the rule {rule}.")
    breaker.released_at, breaker.released_by, breaker.reason = now, by, reason
    breaker.save(update_fields=["released_at", "released_by", "reason"])
    audit.record(
        "retention.breaker.released",
        target=breaker,
        by=by,
        at=now,
        detail={"rule": rule, "due": breaker.due},
    )
    return breaker


def stopped() -> list[Breaker]:
    """Return the breakers that are open, the largest first."""
    return list(Breaker.objects.filter(released_at=None, ended_at=None).order_by("-due"))
