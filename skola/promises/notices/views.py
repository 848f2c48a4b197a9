"""The notice, its versions and the public registers. Nobody signs in for them; no cookie is set."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from skola.ground import clock
from skola.ground.audit import api as audit
from skola.ground.people.api import Person
from skola.ground.people.http import kinds as role_kinds
from skola.promises.connectors.api import unused
from skola.promises.disclosures.api import on_the_list
from skola.promises.notices import queries, reaching, words
from skola.promises.notices.comparing import compare
from skola.promises.notices.glossary import ENTRIES
from skola.promises.notices.page import lay_out, linked, paragraph_of, strip
from skola.promises.notices.queries import language_for, own_name
from skola.promises.notices.rules import Mark, State
from skola.promises.notices.truth import is_it_true
from skola.promises.policy import dpv, ropa
from skola.promises.policy.api import InForce, NoPolicyError, in_force
from skola.promises.policy.clauses import known_keepers
from skola.promises.policy.notice_tables import table
from skola.promises.policy.prose import without
from skola.promises.policy.schema import Policy

DEPTHS = ("line", "page", "full")
PLACES = (
    ("notices:notice", gettext_lazy("The policy")),
    ("notices:truth", gettext_lazy("Is it true?")),
    ("notices:data", gettext_lazy("Data")),
    ("notices:purposes", gettext_lazy("Purposes")),
    ("notices:recipients", gettext_lazy("Recipients")),
    ("notices:versions", gettext_lazy("Versions")),
    ("notices:glossary", gettext_lazy("Words")),
)


def policy_of(now: datetime) -> InForce:
    """Return the policy in force; without one there is no such page."""
    try:
        return in_force(now)
    except NoPolicyError:
        raise Http404 from None


def _used(now: datetime) -> Policy:
    """The policy in force without processors that do nothing here now (ema-2.4)."""
    policy = policy_of(now).policy
    return without(policy, unused(policy, now))


def show(
    request: HttpRequest, template: str, policy: Policy, now: datetime, /, **context: object
) -> HttpResponse:
    """Answer with a page; its moments are told in the tenant's time zone."""
    language = language_for(policy, request.GET.get("language", ""))
    common = {
        "policy": policy,
        "language": language,
        "languages": [(code, own_name(code)) for code in policy.policy.languages],
        "places": PLACES,
        "now": now,
        "words": words,
        "State": State,
        "linked": linked,
    }
    with timezone.override(ZoneInfo(policy.policy.timezone)):
        return render(request, f"notices/{template}.html", {**common, **context})


@require_safe
def notice(request: HttpRequest) -> HttpResponse:
    """The policy that binds today, with a mark beside each promise."""
    now = clock.now()
    found = policy_of(now)
    truth = is_it_true(now)
    language = language_for(found.policy, request.GET.get("language", ""))
    steps = queries.history(found.policy.policy.tenant, now)
    depth = request.GET.get("depth", "full")
    page = lay_out(
        found.version,
        language,
        truth,
        versions=[step.version for step in reversed(steps)],
        unused=unused(found.policy, now),
    )
    return show(
        request,
        "notice",
        found.policy,
        now,
        page=page,
        truth=truth,
        verdict=words.verdict(truth.tally, now),
        strokes=strip(truth.marks),
        depth=depth if depth in DEPTHS else "full",
        announced=found.announced,
        replaced=steps[1].version if len(steps) > 1 else None,
    )


@require_safe
def truth(request: HttpRequest) -> HttpResponse:
    """Every promise with its state, broken ones first; ``?state=``, ``?kind=`` narrow the list."""
    now = clock.now()
    found = policy_of(now)
    looked = is_it_true(now)
    language = language_for(found.policy, request.GET.get("language", ""))
    titles = words.titles(found.policy, language)
    state, kind = request.GET.get("state", ""), request.GET.get("kind", "")
    rows = [
        _row(mark, found, titles)
        for mark in sorted(looked.marks, key=lambda mark: mark.state is not State.BROKEN)
        if state in ("", mark.state) and kind in ("", mark.table)
    ]
    tables = sorted({mark.table for mark in looked.marks}, key=words.table_word)
    return show(
        request,
        "truth",
        found.policy,
        now,
        truth=looked,
        tally=looked.tally,
        verdict=words.verdict(looked.tally, now),
        strokes=strip(looked.marks),
        rows=rows,
        state=state,
        kind=kind,
        kinds=[(each, words.table_word(each)) for each in tables],
        is_officer=bool(role_kinds(request) & {"officer", "administrator"}),
    )


def _row(mark: Mark, found: InForce, titles: dict[str, str]) -> dict[str, Any]:
    kept_by = known_keepers()
    return {
        "mark": mark,
        "title": words.title(mark.rule, titles),
        "finding": words.finding(mark),
        "anchor": paragraph_of(found.version, mark.clauses),
        "tests": [test for clause in mark.clauses for test in kept_by.get(clause, ())],
    }


@require_safe
def truth_json(request: HttpRequest) -> JsonResponse:
    """The same for machines: one object a rule."""
    now = clock.now()
    found = policy_of(now)
    looked = is_it_true(now)
    return JsonResponse(
        {
            "tenant": found.policy.policy.tenant,
            "version": looked.version,
            "hash": found.hash,
            "checked_at": looked.at.isoformat() if looked.at else None,
            "stale": looked.stale,
            "kept": looked.tally.kept,
            "broken": looked.tally.broken,
            "not_checked": looked.tally.unchecked,
            "not_checked_lately": looked.tally.stale,
            "promises": [_plain(mark) for mark in looked.marks],
        }
    )


def _plain(mark: Mark) -> dict[str, Any]:
    kept_by = known_keepers()
    return {
        "rule": mark.rule,
        "state": mark.state.value,
        "finding": mark.words % mark.facts,
        "clauses": mark.clauses,
        "tests": [test for clause in mark.clauses for test in kept_by.get(clause, ())],
        "covered": mark.covered,
        "oldest": mark.oldest.isoformat() if mark.oldest else None,
        "next_due": mark.next_due.isoformat() if mark.next_due else None,
    }


@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """The categories of personal data, each with every stored field, drawn from the inventory."""
    now = clock.now()
    policy = policy_of(now).policy
    language = language_for(policy, request.GET.get("language", ""))
    return show(request, "data", policy, now, kinds=queries.kinds(policy, language))


@require_safe
def purposes(request: HttpRequest) -> HttpResponse:
    """The record of processing (GDPR Art. 30), one activity a purpose."""
    now = clock.now()
    policy = _used(now)
    language = language_for(policy, request.GET.get("language", ""))
    record = ropa.record_of_processing(policy, language)
    return show(request, "purposes", policy, now, record=record)


@require_safe
def record_json(request: HttpRequest) -> HttpResponse:
    """The record of processing for machines."""
    policy = _used(clock.now())
    language = language_for(policy, request.GET.get("language", ""))
    return HttpResponse(ropa.as_json(policy, language), content_type="application/json")


@require_safe
def dpv_jsonld(request: HttpRequest) -> HttpResponse:
    """The policy in the Data Privacy Vocabulary, as JSON-LD."""
    policy = _used(clock.now())
    return HttpResponse(dpv.as_text(policy), content_type="application/ld+json")


@require_safe
def recipients(request: HttpRequest) -> HttpResponse:
    """Who may receive data, who works for the controller, and what leaves the EEA."""
    now = clock.now()
    policy = _used(now)
    language = language_for(policy, request.GET.get("language", ""))
    return show(
        request,
        "recipients",
        policy,
        now,
        works={
            row.rule: row.cells for row in table(policy, "processors", language, whole=True).rows
        },
        recipients=table(policy, "recipients", language),
        transfers=table(policy, "transfers", language),
        since=queries.processors_since(policy, now),
        by_name=on_the_list(now),
        now=now,
    )


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    """What the words of the policy mean."""
    now = clock.now()
    return show(request, "glossary", policy_of(now).policy, now, entries=ENTRIES)


@require_safe
def versions(request: HttpRequest) -> HttpResponse:
    """Every published version, newest first, and what each changed."""
    now = clock.now()
    policy = policy_of(now).policy
    steps = queries.history(policy.policy.tenant, now)
    return show(request, "versions", policy, now, steps=steps)


@require_safe
def comparison(request: HttpRequest) -> HttpResponse:
    """Two versions side by side; ``?old=``, ``?new=`` name them, else the newest and its last."""
    now = clock.now()
    found = policy_of(now)
    steps = queries.history(found.policy.policy.tenant, now)
    known = {each.version.name: each for each in steps}
    new = known.get(request.GET.get("new", ""), steps[0])
    before = new.replaces.name if new.replaces else ""
    old = known.get(request.GET.get("old", ""), known.get(before, steps[-1]))
    if old.version.written.policy.effective > new.version.written.policy.effective:
        old, new = new, old
    policy = new.version.effective.policy
    language = language_for(policy, request.GET.get("language", ""))
    said = queries.changes_of(old.version, new.version) if old is not new else ()
    note_read(request, old, new, steps, now)
    return show(
        request,
        "comparison",
        policy,
        now,
        both=compare(old.version, new.version, language, said),
        said=said,
        old=old,
        new=new,
        steps=steps,
    )


def note_read(
    request: HttpRequest,
    old: queries.Step,
    new: queries.Step,
    steps: tuple[queries.Step, ...],
    now: datetime,
) -> None:
    """Who is signed in and reads what a version changes has been told of it: that is on record.

    Told is whoever was here before it was published, of each version after ``old`` up to ``new``.
    """
    person: Person | None = getattr(request, "person", None)
    if not person:
        return
    since, until = (each.version.written.policy.effective for each in (old, new))
    read = tuple(
        step
        for step in steps
        if since < step.version.written.policy.effective <= until
        and person.created_at < step.version.written.policy.published
    )
    if read:
        reaching.note_shown(person.pk, read, by=audit.pseudonym(person.pk), now=now)


@require_safe
def version(request: HttpRequest, version: str) -> HttpResponse:
    """One version as it was or will be, and what it changed."""
    now = clock.now()
    found = policy_of(now)
    steps = queries.history(found.policy.policy.tenant, now)
    step = next((each for each in steps if each.version.name == version), None)
    if step is None:
        raise Http404
    policy = step.version.effective.policy
    language = language_for(policy, request.GET.get("language", ""))
    if step.replaces is not None:
        before = next(one for one in steps if one.version is step.replaces)
        note_read(request, before, step, steps, now)
    return show(
        request,
        "version",
        policy,
        now,
        page=lay_out(step.version, language, None, versions=[each.version for each in steps]),
        step=step,
        state=step.state(now),
    )
