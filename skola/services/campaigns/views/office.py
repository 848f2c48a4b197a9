"""The office of campaigns: writing, seeing who would get a message and who not, sending it."""

from collections import Counter
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit import api as audit
from skola.ground.audit.api import by
from skola.ground.people.http import holding
from skola.promises.origins.api import is_noted
from skola.promises.policy.api import in_force, needs
from skola.services.campaigns import actions, choosing, queries, rules, segments, wording
from skola.services.campaigns.forms import CampaignForm, JudgeForm, PartnerForm
from skola.services.campaigns.models import Campaign, Delivery, Partner, Reaction
from skola.services.campaigns.queries import Asked

SENDERS = ("administrator", "coordinator")
SHOWN = 100
"""People on a page of a preview, for each reason."""


def _names() -> dict[str, str]:
    return {one.id: wording.name_of(one) for one in in_force(clock.now()).policy.message}


@needs(queries.CAPABILITY)
@holding(*SENDERS)
@require_safe
def campaigns(request: Any) -> HttpResponse:
    """All campaigns, newest on top, and the kinds that can be written."""
    page = Paginator(Campaign.objects.select_related("partner"), 30).get_page(
        request.GET.get("page")
    )
    names = _names()
    rows = [
        (one, names.get(one.kind, one.kind), wording.channel(one.channel))
        for one in page.object_list
    ]
    kinds = rules.messages(in_force(clock.now()).policy)
    context = {
        "page": page,
        "rows": rows,
        "kinds": [(one.id, wording.name_of(one)) for one in kinds],
    }
    return render(request, "campaigns/office.html", context)


def _message(kind: str) -> Any:
    found = queries.message_of(in_force(clock.now()).policy, kind)
    if found is None:
        raise Http404
    return found


@needs(queries.CAPABILITY)
@holding(*SENDERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Any, kind: str) -> HttpResponse:
    """Write a campaign of one kind."""
    return _write(request, _message(kind), None)


@needs(queries.CAPABILITY)
@holding(*SENDERS)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Any, pk: UUID) -> HttpResponse:
    """Write a campaign anew, before it has begun."""
    found = get_object_or_404(Campaign, pk=pk, state=Campaign.State.DRAFT)
    return _write(request, _message(found.kind), found)


def _write(request: Any, message: Any, campaign: Campaign | None) -> HttpResponse:
    now = clock.now()
    form = CampaignForm(
        request.POST or None,
        policy=in_force(now).policy,
        message=message,
        initial=CampaignForm.initial_of(campaign) if campaign else None,
    )
    if request.method == "POST" and form.is_valid():
        try:
            kept = actions.write(form.draft(), campaign=campaign, by=by(request), now=now)
        except actions.FaultyError as problem:
            for one in problem.faults:
                form.add_error(None, wording.fault(one))
        except segments.SegmentError as problem:
            _note_refusal(problem, message.id, by(request))
            form.add_error(None, wording.segment_problem(problem))
        else:
            return redirect("campaigns:campaign", pk=kept.pk)
    context = {
        "form": form,
        "message": message,
        "name": wording.name_of(message),
        "campaign": campaign,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "campaigns/write.html", context, status=status)


def _note_refusal(problem: segments.SegmentError, kind: str, who: str) -> None:
    """That somebody tried to choose by data that are kept for another purpose is on record."""
    audit.record(
        "campaigns.segment.refused",
        by=who,
        at=clock.now(),
        clause="ekool-4.4",
        detail={"field": problem.field[:120], "category": problem.category, "kind": kind},
    )


@needs(queries.CAPABILITY)
@holding(*SENDERS)
@require_safe
def campaign(request: Any, pk: UUID) -> HttpResponse:
    """One campaign: before it runs who would get it and who not and why; then what became of it."""
    return _campaign(request, get_object_or_404(Campaign.objects.select_related("partner"), pk=pk))


def _campaign(request: Any, found: Campaign, problems: list[str] | None = None) -> HttpResponse:
    now = clock.now()
    policy = in_force(now).policy
    message = queries.message_of(policy, found.kind)
    context: dict[str, Any] = {
        "campaign": found,
        "name": _names().get(found.kind, found.kind),
        "channel": wording.channel(found.channel),
        "conditions": [
            (segments.label(one.field), wording.operator(one.op), one.value)
            for one in segments.conditions(found.segment)
        ],
        "problems": problems or [],
        "refusable": message is not None and message.kind not in rules.ALWAYS,
    }
    if found.state == Campaign.State.DRAFT and message is not None:
        context |= _preview(found, message)
    else:
        context |= _outcome(request, found)
        context["address"] = _address(request, found)
    status = 409 if problems else 200
    return render(request, "campaigns/campaign.html", context, status=status)


def _address(request: Any, found: Campaign) -> str:
    """Return where one subscribes by a campaign, which is noted then; empty where it is not."""
    now = clock.now()
    if not choosing.on_offer(now=now) or not is_noted("campaign", now=now):
        return ""
    return str(request.build_absolute_uri(f"{reverse('campaigns:subscribe')}?campaign={found.pk}"))


def _preview(found: Campaign, message: Any) -> dict[str, Any]:
    everybody = queries.recipients(Asked.of(found, message), now=clock.now())
    grounds = Counter(one.verdict.ground for one in everybody if one.verdict.is_sent)
    return {
        "grounds": [(_ground(name), count) for name, count in grounds.most_common()],
        "reached": sum(grounds.values()),
        "left_out": [
            (wording.why_not(why), len(people), [one.person for one in people[:SHOWN]])
            for why, people in queries.by_reason(everybody).items()
        ],
    }


def _ground(name: str) -> str:
    policy = in_force(clock.now()).policy
    names = {one.id: wording.text_of(one.name) for one in policy.purpose}
    return names.get(name, name)


def _outcome(request: Any, found: Campaign) -> dict[str, Any]:
    deliveries = Delivery.objects.filter(campaign=found).select_related("person")
    page = Paginator(deliveries.order_by("queued_at", "pk"), 50).get_page(request.GET.get("page"))
    rows = [
        (one, _ground(one.ground), wording.why_not(one.why_not) if one.why_not else "")
        for one in page.object_list
    ]
    return {
        "page": page,
        "rows": rows,
        "totals": totals(found),
        "is_list": found.channel in rules.LISTED,
        "results": Delivery.Result.choices,
        "left_out": bool(found.left_out),
        "left_out_lines": [(wording.why_not(why), count) for why, count in found.left_out.items()],
    }


def totals(found: Campaign) -> dict[str, int]:
    """Return what may be told to anybody about a campaign: numbers (ekool-6.2)."""
    deliveries = Delivery.objects.filter(campaign=found)
    reactions = Reaction.objects.filter(delivery__campaign=found)
    return {
        "sent": deliveries.filter(state=Delivery.State.SENT).count(),
        "opened": reactions.filter(kind=Reaction.Kind.OPENED).count(),
        "clicked": reactions.filter(kind=Reaction.Kind.CLICKED).count(),
    }


@needs(queries.CAPABILITY)
@holding(*SENDERS)
@require_POST
def start(request: Any, pk: UUID) -> HttpResponse:
    """Let a campaign run."""
    found = get_object_or_404(Campaign, pk=pk)
    try:
        actions.start(found, by=by(request), now=clock.now())
    except actions.FaultyError as problem:
        return _campaign(request, found, [wording.fault(one) for one in problem.faults])
    except segments.SegmentError as problem:
        return _campaign(request, found, [wording.segment_problem(problem)])
    except actions.StartedError:
        pass
    return redirect("campaigns:campaign", pk=pk)


@needs(queries.CAPABILITY)
@holding(*SENDERS)
@require_POST
def end(request: Any, pk: UUID) -> HttpResponse:
    """End a campaign before its time."""
    actions.end(get_object_or_404(Campaign, pk=pk), by=by(request), now=clock.now())
    return redirect("campaigns:campaign", pk=pk)


@needs(queries.CAPABILITY)
@holding(*SENDERS)
@require_safe
def report(request: Any, pk: UUID) -> HttpResponse:
    """What a partner gets to know: totals, and nothing about anybody (ekool-6.2)."""
    found = get_object_or_404(
        Campaign.objects.select_related("partner"), pk=pk, partner__isnull=False
    )
    return render(request, "campaigns/report.html", {"campaign": found, "totals": totals(found)})


@needs(queries.CAPABILITY)
@holding(*SENDERS)
@require_http_methods(["GET", "HEAD", "POST"])
def partners(request: Any) -> HttpResponse:
    """Partners, each with what came of the review."""
    form = PartnerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        actions.add_partner(told["name"], told["website"], by=by(request), now=clock.now())
        return redirect("campaigns:partners")
    rows = [
        (one, JudgeForm(initial={"findings": one.findings, "approved": bool(one.approved_at)}))
        for one in Partner.objects.order_by("name")[:100]
    ]
    status = 422 if request.method == "POST" else 200
    return render(request, "campaigns/partners.html", {"form": form, "rows": rows}, status=status)


@needs(queries.CAPABILITY)
@holding(*SENDERS)
@require_POST
def judge(request: Any, pk: UUID) -> HttpResponse:
    """Approve a partner, or take it back."""
    found = get_object_or_404(Partner, pk=pk)
    form = JudgeForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        actions.judge_partner(
            found,
            approved=told["approved"],
            findings=told["findings"],
            by=by(request),
            now=clock.now(),
        )
    return redirect("campaigns:partners")
