"""What ``skola doctor`` looks at: the installation, and each tenant's promises.

Clauses: ilearn-12, kic-security-methods, ema-6.1-care, ema-6.2-measures, learnifier-13.a,
learnifier-13.b.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from skola.ground import clock, space
from skola.ground.audit import api as audit
from skola.ground.backup import api as backup
from skola.ground.files import api as files
from skola.ground.journal import api as journal
from skola.ground.people.api import mail_lag
from skola.ground.tenants.api import Host, Tenant, every, inside
from skola.promises.cookies import api as cookies
from skola.promises.handover import api as handover
from skola.promises.notices import api as notices
from skola.promises.policy.api import NoPolicyError, in_force
from skola.promises.policy.catalogue import InForce
from skola.promises.retention import api as retention
from skola.web.scanning import Ports, scan

A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    measure: str
    ok: bool
    remedy: str = ""
    """What is wrong, and what to do; empty when all is well."""

    def as_dict(self) -> dict[str, object]:
        """The finding as plain data."""
        return asdict(self)


def examine() -> list[Finding]:
    """Look at everything, the installation first, then one tenant after the other."""
    tenants = every()
    found = list(_installation(tenants))
    for tenant in tenants:
        with inside(tenant.pk):
            found += _tenant(tenant)
    return found


def visit(ports: Ports) -> list[Finding]:
    """Visit each host of each tenant as a stranger does; names of this machine are nobody's."""
    hosts = Host.objects.filter(tenant__in=every()).select_related("tenant")
    public = hosts.exclude(name__endswith=".localhost").order_by("tenant__slug", "name")
    found = [
        Finding(f"{host.tenant.slug}: {host.name}: {seen.what}", not seen.remedy, seen.remedy)
        for host in public
        for seen in scan(host.name, ports)
    ]
    remedy = "" if found else "Give a tenant one: `skola policy publish FILE --host NAME`."
    return [Finding("addresses: there is a public one", bool(found), remedy), *found]


def _installation(tenants: list[Tenant]) -> Iterator[Finding]:
    yield _gate()
    aside = backup.set_aside()
    yield Finding(
        "installation: no database that a restore has replaced is left",
        not aside,
        f"{', '.join(aside)} holds what has been erased since: drop it when it is not needed."
        if aside
        else "",
    )
    yield _room()
    yield Finding(
        "tenants: there is one",
        bool(tenants),
        "" if tenants else "Run `skola policy publish FILE`.",
    )
    with inside(tenants[0].pk if tenants else None):
        installation = notices.look_at_installation()
    for name, measure in notices.MEASURES.items():
        if name != "second-factor":  # asked of each tenant that promises it
            verdict = measure(installation)
            ok = verdict.ok is not False
            yield Finding(f"installation: {name}", ok, "" if ok else verdict.said)


def _room() -> Finding:
    """Whether every place in which something is kept has room left."""
    named = (settings.DATA, settings.JOURNAL, settings.BACKUPS, settings.BACKUP_KEYS)
    places = {Path(one) for one in named}
    short = space.short(sorted(places))
    said = [f"{place} has {free // 1_000_000} MB left." for place, free in short.items()]
    remedy = " ".join([*said, "Make room: nothing is erased or stored on a full disk."])
    return Finding("installation: there is room on every disk", not said, remedy if said else "")


def _gate() -> Finding:
    """Whether the database knows all that the privacy journal knows."""
    measure = "installation: the database is abreast of the privacy journal"
    try:
        journal.demand_open(now=clock.now())
    except journal.ClosedError as problem:
        return Finding(measure, False, str(problem))
    return Finding(measure, True)


def _tenant(tenant: Tenant) -> Iterator[Finding]:
    now = clock.now()
    try:
        found = in_force(now)
    except NoPolicyError as problem:
        yield Finding(f"{tenant.slug}: a policy is in force", False, str(problem))
        return
    yield Finding(
        f"{tenant.slug}: every file of the policy can be used",
        not found.problems,
        "\n      ".join(str(problem) for problem in found.problems),
    )
    lost = audit.key_trouble(audit.log_of(tenant.pk))
    yield Finding(f"{tenant.slug}: the key that signs the audit is there", not lost, lost)
    waits = mail_lag(now)
    yield Finding(
        f"{tenant.slug}: mail leaves within a day",
        waits < A_DAY,
        f"The oldest has waited for {waits.total_seconds() / 3600:.0f} hours: see that the mail"
        " server of SKOLA_MAIL_HOST takes mail. It is tried every half hour, for a fortnight.",
    )
    left = handover.unfinished(now)
    yield Finding(f"{tenant.slug}: no copy is left of what was handed over", not left, left)
    yield from _security(tenant, found)
    yield from _sweeping(tenant, now)
    wrong = [f"{each.cookie}: {each.problem}" for each in cookies.examine(now=now)]
    yield Finding(f"{tenant.slug}: cookies are those of the register", not wrong, "; ".join(wrong))
    loose = files.orphans(now=now)
    yield Finding(
        f"{tenant.slug}: every stored object has its key",
        not loose.objects_without_key and not loose.keys_without_object,
        f"{len(loose.objects_without_key)} objects without a key,"
        f" {len(loose.keys_without_object)} keys without an object: the worker removes the first,"
        " restore the second from a backup.",
    )
    broken = [mark for mark in notices.compare(now).broken if mark.table != "security"]
    for mark in broken:
        yield Finding(f"{tenant.slug}: {mark.rule}", False, mark.words % mark.facts)
    if not broken:
        yield Finding(f"{tenant.slug}: no promise is broken", True)


def _sweeping(tenant: Tenant, now: datetime) -> Iterator[Finding]:
    """Whether the sweep runs, believes its clocks, and stops no rule."""
    doubt = retention.clock_doubt()
    words = retention.words_of(doubt) if doubt is not None else ""
    yield Finding(f"{tenant.slug}: the sweep believes the clocks", doubt is None, words)
    stopped = [
        f"{one.rule}: {one.due} are due, {one.foreseen} were foreseen, {one.allowed} may go. An"
        " officer looks at /office/promises/, or run"
        f" `skola sweep --release {one.rule} --reason WHY`."
        for one in retention.stopped()
    ]
    yield Finding(f"{tenant.slug}: the sweep stops no rule", not stopped, " ".join(stopped))
    run = retention.last_sweep()
    last = run.swept_at if run is not None else tenant.created_at
    is_late = now - last > retention.SILENCE
    remedy = f"The last one was at {last:%Y-%m-%d %H:%M} UTC: start `skola worker`."
    yield Finding(f"{tenant.slug}: a sweep ran within 26 hours", not is_late, remedy * is_late)


def _security(tenant: Tenant, found: InForce) -> Iterator[Finding]:
    """Every measure that the policy declares, by the name it has there."""
    installation = notices.look_at_installation()
    for security in found.policy.security:
        named = f"{tenant.slug}: security.{security.id}"
        try:
            measures = notices.measures_of(security.check)
        except KeyError as problem:
            yield Finding(named, False, f"There is no check {problem}; `skola doctor` lists them.")
            continue
        off = [verdict for each in measures.values() if not (verdict := each(installation)).ok]
        said = [verdict.said for verdict in off if verdict.ok is False]
        if measures:
            yield Finding(named, not said, " ".join(said))
