"""The report of ``skola cookies check``: what was seen at a service, and what is wrong of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from skola.ground import clock
from skola.ground.tenants.api import Host, Tenant, by_host, every_served, inside
from skola.promises.cookies.api import (
    Fault,
    Kind,
    Register,
    Seen,
    Stage,
    days,
    entry_of,
    faults,
    register,
)
from skola.promises.policy.api import in_force
from skola.web.crawling import NotThereError, Visitor, Walk, walk

if TYPE_CHECKING:
    from playwright.sync_api import Browser

STAGES = {
    Stage.BEFORE: "Before a choice",
    Stage.NECESSARY: "After refusing all",
    Stage.ALL: "After accepting all",
    Stage.WITHDRAWN: "After taking that back",
}


@dataclass(frozen=True)
class Service:
    """Where a tenant's service is reached, and what its policy says of cookies."""

    address: str
    hosts: frozenset[str]
    tenant: str
    name: str
    version: str
    register: Register


@dataclass(frozen=True)
class Report:
    """What one visitor saw at a service."""

    service: Service
    visitor: Visitor
    walk: Walk
    faults: list[Fault]


def services(where: Iterable[str], *, port: int) -> list[Service]:
    """Return the services that were named, by tenant or by address; all where none was.

    ``port`` is that of services on this machine. Raises NotThereError for a name of none.
    """
    names = list(where)
    if not names:
        return [_of(tenant, "", port) for tenant in every_served()]
    return [_named(name, port) for name in names]


def _named(name: str, port: int) -> Service:
    host = urlsplit(name).hostname
    if host is not None:
        tenant = by_host(host)
        if tenant is None:
            raise NotThereError(f"No tenant of this installation is reached at {host}.")
        parts = urlsplit(name)
        return _of(tenant, f"{parts.scheme}://{parts.netloc}", port)
    tenants = {one.slug: one for one in every_served()}
    if name not in tenants:
        known = ", ".join(sorted(tenants)) or "none yet"
        raise NotThereError(f"There is no tenant “{name}”. Tenants: {known}.")
    return _of(tenants[name], "", port)


def _of(tenant: Tenant, address: str, port: int) -> Service:
    hosts = sorted(Host.objects.filter(tenant=tenant).values_list("name", flat=True))
    if not address:
        if not hosts:
            raise NotThereError(f"{tenant.slug} has no host name; name its address.")
        here = [one for one in hosts if one.endswith("localhost")]
        address = f"http://{here[0]}:{port}" if here else f"https://{hosts[0]}"
    now = clock.now()
    with inside(tenant.pk):
        policy = in_force(now).policy
        return Service(
            address,
            frozenset({*hosts, urlsplit(address).hostname or ""}),
            tenant.slug,
            policy.service.name,
            policy.policy.version,
            register(now),
        )


def check(
    browser: "Browser", service: Service, visitor: Visitor, *, most: int, let_out: bool
) -> Report:
    """Visit a service and compare. Raises NotThereError."""
    others = {
        one.host
        for one in service.register.live
        if one.host and not one.first_party and not one.elsewhere
    }
    seen = walk(
        browser,
        service.address,
        own=service.hosts,
        visitor=visitor,
        most=most,
        let_out=frozenset(others) if let_out else frozenset(),
    )
    wrong = list(faults(seen.seen, service.register, service.hosts))
    return Report(service, visitor, seen, wrong)


# ---- in words ----


def in_words(report: Report) -> Iterator[str]:
    """Return the report as lines, for an officer."""
    service, made = report.service, report.walk
    who = f", signed in as {report.visitor.name}" if report.visitor.name else ""
    yield f"{service.name} ({service.tenant}), {service.address}{who}"
    yield f"Policy {service.version}. {len(made.pages)} pages, each opened four times."
    if made.is_cut_short:
        yield "There may be more pages: see --pages."
    for stage, title in STAGES.items():
        yield ""
        yield title
        lines = list(_lines(report, stage))
        yield from lines or ["  nothing is kept, and nobody else is asked"]
    yield ""
    for path, status in made.broken:
        yield f"BROKEN  {path} answers {status}: what it would keep is not known. See the log."
    for one in report.faults:
        yield from _told(one)
    if not report.faults and not made.broken:
        yield "Everything is as the policy says."
    else:
        yield f"{len(report.faults) + len(made.broken)} to put right."


def _lines(report: Report, stage: Stage) -> Iterator[str]:
    wrong = {(one.seen.stage, one.seen.kind, one.seen.name) for one in report.faults}
    for one, pages in _by_name(report.walk.seen, stage):
        entry = entry_of(one, report.service.register)
        state = "WRONG" if (stage, one.kind, one.name) in wrong else "ok   "
        said = [entry.class_ if entry else "not in the policy"]
        if one.kind is Kind.COOKIE:
            said.append(days(one.lasts))
        if one.kind is not Kind.REQUEST:
            said.append(one.where)
        where = f"on {pages[0]}" if len(pages) == 1 else f"first on {pages[0]}, {len(pages)} pages"
        yield f"  {state}  {one.kind:8} {one.name}: {', '.join(said)}; {where}"


def _by_name(seen: Iterable[Seen], stage: Stage) -> Iterator[tuple[Seen, list[str]]]:
    """Each thing of a stage once, with the pages on which it was there."""
    found: dict[tuple[Kind, str, str], tuple[Seen, dict[str, None]]] = {}
    for one in seen:
        if one.stage is stage:
            where = "" if one.kind is Kind.REQUEST else one.where
            _first, pages = found.setdefault((one.kind, one.name, where), (one, {}))
            pages[one.page] = None
    for first, pages in found.values():
        yield first, list(pages)


def _told(one: Fault) -> Iterator[str]:
    seen = one.seen
    where = f" ({seen.where})" if seen.where else ""
    yield f"WRONG  {seen.kind} {seen.name}{where}, on {seen.page}, {STAGES[seen.stage].lower()}"
    yield f"       {one.what}"
    yield f"       {one.remedy}"


def as_json(report: Report) -> dict[str, Any]:
    """Return the report for machines: everything by stage and page."""
    service, made = report.service, report.walk
    pages: dict[tuple[str, str], dict[str, list[dict[str, Any]]]] = {
        (stage, page): {kind.value: [] for kind in Kind} for stage in Stage for page in made.pages
    }
    for one in made.seen:
        kinds = pages.setdefault((one.stage, one.page), {kind.value: [] for kind in Kind})
        entry = entry_of(one, service.register)
        plain = {
            "name": one.name,
            "where": one.where,
            "class": entry.class_ if entry else None,
            "lasts_seconds": round(one.lasts.total_seconds()) if one.lasts else None,
        }
        if plain not in kinds[one.kind]:
            kinds[one.kind].append(plain)
    return {
        "tenant": service.tenant,
        "address": service.address,
        "version": service.version,
        "signed_in_as": report.visitor.name or None,
        "pages": made.pages,
        "cut_short": made.is_cut_short,
        "broken": [{"page": path, "status": status} for path, status in made.broken],
        "seen": [{"stage": stage, "page": page, **kinds} for (stage, page), kinds in pages.items()],
        "faults": [
            {
                "stage": one.seen.stage,
                "page": one.seen.page,
                "kind": one.seen.kind,
                "name": one.seen.name,
                "where": one.seen.where,
                "what": one.what,
                "remedy": one.remedy,
            }
            for one in report.faults
        ],
    }
