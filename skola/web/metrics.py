"""What operators watch: gauges for Prometheus, asked of the database when they are scraped.

Every worker process answers the same, for nothing is counted in a process. The page exists only
where SKOLA_METRICS_TOKEN is set, and answers only to it. Labels name tenants and rules, no person.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from skola.ground import clock
from skola.ground.audit import api as audit
from skola.ground.jobs import api as jobs
from skola.ground.people.api import mail_lag
from skola.ground.tenants.api import every, inside
from skola.promises.policy.api import NoPolicyError, has, in_force
from skola.promises.retention import api as retention
from skola.promises.rights import api as rights


@dataclass(frozen=True)
class Reading:
    """One value: what it is called, what it means, of which rule or kind."""

    name: str
    meaning: str
    value: float
    labels: dict[str, str] = field(default_factory=dict)


Watcher = Callable[[datetime], Iterable[Reading]]
_watchers: list[Watcher] = []


def watch(watcher: Watcher) -> Watcher:
    """Register a function that is asked for each tenant at every scrape; usable as a decorator."""
    _watchers.append(watcher)
    return watcher


@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    """All gauges of all tenants, for whoever has the token; for others the page does not exist."""
    token = settings.METRICS_TOKEN
    said = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not secrets.compare_digest(said.encode(), token.encode()):
        raise Http404
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Scrape(clock.now()))
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)


class _Scrape:
    """One scrape as a collector of Prometheus' library."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def collect(self) -> Iterator[Any]:
        families: dict[str, Any] = {}
        for labels, one in self._readings():
            family = families.setdefault(
                one.name, GaugeMetricFamily(one.name, one.meaning, labels=list(labels))
            )
            family.add_metric(list(labels.values()), one.value)
        yield from families.values()

    def _readings(self) -> Iterator[tuple[dict[str, str], Reading]]:
        for one in installation(self.now):
            yield one.labels, one
        for tenant in every():
            with inside(tenant.pk):
                for watcher in _watchers:
                    for one in watcher(self.now):
                        yield {"tenant": tenant.slug, **one.labels}, one


def installation(now: datetime) -> Iterator[Reading]:
    """What concerns all tenants: the queue."""
    counted = jobs.counts()
    for state in ("todo", "doing", "failed"):
        meaning = "Jobs of the queue by state."
        yield Reading("skola_jobs", meaning, counted.get(state, 0), {"state": state})
    meaning = "How long the oldest job that could begin has waited."
    yield Reading("skola_queue_lag_seconds", meaning, jobs.lag(now).total_seconds())


@watch
def sweeps(now: datetime) -> Iterator[Reading]:
    """What is overdue, what the sweep did, what is foreseen, stopped or doubtful."""
    try:
        rules = [rule.id for rule in in_force(now).policy.retention]
    except NoPolicyError:
        return
    late = {one.rule: one for one in retention.overdue_now(now=now)}
    foreseen = retention.foreseen_today(now=now)
    open_ = {one.rule: one.due for one in retention.stopped()}
    for rule in sorted({*rules, *late, *open_}):
        of = {"rule": rule}
        one = late.get(rule)
        yield Reading(
            "skola_overdue_parts", "Parts due and still there.", one.count if one else 0, of
        )
        age = (now - one.since).total_seconds() if one else 0
        yield Reading("skola_oldest_overdue_seconds", "Since when the oldest is due.", age, of)
        meaning = "Parts foreseen for today, before the day began."
        yield Reading("skola_forecast_parts", meaning, foreseen.get(rule, 0), of)
        meaning = "Parts that the breaker keeps from being erased."
        yield Reading("skola_breaker_parts", meaning, open_.get(rule, 0), of)
    doubtful = retention.clock_doubt() is not None
    yield Reading("skola_clock_doubtful", "1 while no sweep runs for its clock.", doubtful)
    run = retention.last_sweep()
    if run is not None:
        meaning = "When the last sweep ran, as seconds since 1970."
        yield Reading("skola_last_sweep_timestamp_seconds", meaning, run.swept_at.timestamp())
        yield Reading("skola_sweep_erased_parts", "Parts that the last sweep erased.", run.erased)
        yield Reading("skola_sweep_seconds", "How long the last sweep took.", run.seconds)
        rate = run.erased / run.seconds if run.seconds else 0
        yield Reading("skola_sweep_parts_per_second", "Rate of the last sweep.", rate)


@watch
def requests(now: datetime) -> Iterator[Reading]:
    """How many requests about data wait, by days left."""
    try:
        asks = has("rights.requests", now=now)
    except NoPolicyError:
        return
    if not asks:
        return
    counts = rights.overview(now)
    meaning = "Open requests about data by the days left until the promised day."
    for left in ("late", "today", "week", "later", "paused"):
        yield Reading("skola_requests_open", meaning, getattr(counts, left), {"left": left})


@watch
def mails(now: datetime) -> Iterator[Reading]:
    """How long mail waits for the mail server."""
    meaning = "How long the oldest mail has waited to be taken by the mail server."
    yield Reading("skola_mail_lag_seconds", meaning, mail_lag(now).total_seconds())


@watch
def log(now: datetime) -> Iterator[Reading]:
    """How far the audit's numbering lags behind."""
    meaning = "How long the oldest entry of the audit has waited for its number."
    yield Reading("skola_audit_lag_seconds", meaning, audit.lag(now).total_seconds())
