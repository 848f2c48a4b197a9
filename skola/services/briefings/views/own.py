"""Who is briefed reads, answers and signs; their evidence; and what anybody needs to verify it."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.core import signing
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from skola.ground import clock
from skola.ground.audit import api as audit
from skola.ground.people.http import PROVEN_AT, proven_anew, signed_in
from skola.ground.signatures import api as signatures
from skola.ground.tenants.http import TenantRequest
from skola.promises.policy.api import needs
from skola.promises.retention.api import clock_of
from skola.services.briefings import actions, queries
from skola.services.briefings.certified import document_of
from skola.services.briefings.evidence import VERIFIER, as_json, as_pdf, evidence_of
from skola.services.briefings.forms import AgreementForm, AnswersForm, SignForm
from skola.services.briefings.models import Agreement, Edition, Signature
from skola.services.briefings.rules.signing import Side, Way
from skola.services.briefings.rules.texts import compared
from skola.services.briefings.sealing import public_key
from skola.services.briefings.wording import KINDS, refused
from skola.services.workforce.api import (
    TRAINING,
    Assignment,
    Employment,
    employment_in_sight,
    tenants_today,
    zone,
)

_SALT = "briefings.read"
_A_DAY = 86_400


def proven_at(request: Any) -> datetime | None:
    """Return when the visitor last proved who they are, or None where the session has no proof."""
    seconds = request.session.get(PROVEN_AT)
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


def ways_of(told: actions.Signing, now: datetime) -> list[Way]:
    """Return how this side can sign today: as the other side has begun, where it has."""
    record = actions.todays(told, tenants_today(now))
    if record is not None and record.signatures.exists():
        return [Way(record.way)]
    ways = [Way.PADES] if signatures.provider() else []
    agreed = queries.agreement_of(told.signer, told.task.employment) is not None
    return [Way.SIMPLE, *ways] if agreed or not ways else ways


def sign_in(way: Way, told: actions.Signing, *, answer: str, by: str, now: datetime) -> None:
    """Sign in one of two ways. Raises actions.CannotSignError."""
    if way is Way.PADES:
        actions.sign_with_certificate(told, answer=answer, zone=zone(now), by=by, now=now)
    else:
        actions.sign(told, zone=zone(now), by=by, now=now)


def _task(request: TenantRequest, pk: UUID) -> tuple[Assignment, Edition]:
    """Return a briefing that the visitor has to do, with its newest text. Raises Http404."""
    own = Assignment.objects.open().filter(
        training__kind=queries.BRIEFING, employment__person=request.person
    )
    task = get_object_or_404(
        own.select_related(
            "training", "employment__company", "employment__person", "employment__staff_number"
        ),
        pk=pk,
    )
    edition = queries.newest_edition(task.training)
    if edition is None:
        raise Http404
    return task, edition


@needs("workforce.briefings")
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def task(request: TenantRequest, pk: UUID) -> HttpResponse:
    """The text with what changed since one signed it last, and its questions."""
    held, edition = _task(request, pk)
    form = AnswersForm(request.POST or None, questions=edition.asked)
    if request.method == "POST" and form.is_valid():
        read = signing.dumps([str(held.pk), str(edition.pk)], salt=_SALT)
        return redirect(f"{reverse('briefings:sign', args=[pk])}?read={read}")
    before = (
        Signature.objects.filter(
            person=request.person, side=Side.INSTRUCTED, record__edition__training=held.training_id
        )
        .exclude(record__edition=edition)
        .select_related("record__edition")
        .order_by("-signed_at")
        .first()
    )
    earlier = before.record.edition if before else None
    context = {
        "task": held,
        "edition": edition,
        "earlier": earlier,
        "lines": list(compared(earlier.text, edition.text)) if earlier else [],
        "form": form,
        "clock": clock_of(held.employment, now=clock.now()),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "briefings/task.html", context, status=status)


@needs("workforce.briefings")
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: TenantRequest, pk: UUID) -> HttpResponseBase:
    """Who has read it and proven who they are signs (ema-2.1.8)."""
    held, edition = _task(request, pk)  # before the proof: what is not theirs does not exist
    return _sign(request, held, edition)


@proven_anew
def _sign(request: TenantRequest, held: Assignment, edition: Edition) -> HttpResponse:
    now = clock.now()
    pk = held.pk
    try:
        read = signing.loads(request.GET.get("read", ""), salt=_SALT, max_age=_A_DAY)
    except signing.BadSignature:
        return redirect("briefings:task", pk=pk)
    if read != [str(held.pk), str(edition.pk)]:
        return redirect("briefings:task", pk=pk)
    assert request.person is not None
    told = actions.Signing(held, edition, Side.INSTRUCTED, request.person, proven_at(request))
    ways = ways_of(told, now)
    form = SignForm(request.POST or None, ways=ways)
    problem = ""
    if request.method == "POST" and form.is_valid():
        try:
            sign_in(form.chosen, told, answer=form.told, by=audit.by(request), now=now)
        except actions.CannotSignError as why:
            problem = refused(why.refusal)
        else:
            return redirect("briefings:evidence", pk=held.employment_id)
    context = {
        "task": held,
        "edition": edition,
        "form": form,
        "problem": problem,
        "provider": signatures.provider(),
    }
    status = 409 if problem else 422 if request.method == "POST" else 200
    return render(request, "briefings/sign.html", context, status=status)


def _employment(request: TenantRequest, pk: UUID) -> tuple[Employment, bool]:
    """Return one's own employment, or one that a training manager sees. Raises Http404."""
    own = Employment.objects.select_related("company", "person", "staff_number")
    found = own.filter(pk=pk, person=request.person).first()
    if found is not None:
        return found, True
    return employment_in_sight(request, pk, TRAINING, also_left=True)[1], False


@needs("workforce.briefings")
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def evidence(request: TenantRequest, pk: UUID) -> HttpResponse:
    """What a person signed for one employer, how it stands, and the files for an inspector."""
    now = clock.now()
    employment, is_own = _employment(request, pk)
    today = tenants_today(now)
    form = AgreementForm(request.POST or None, today=today)
    if request.method == "POST":
        if is_own:
            raise Http404
        if form.is_valid():
            actions.record_agreement(employment, **form.cleaned_data, by=audit.by(request), now=now)
            return redirect("briefings:evidence", pk=pk)
    found = evidence_of(employment, now=now)
    context = {
        "employment": employment,
        "is_own": is_own,
        "records": found.records,
        "kinds": KINDS,
        "agreement": Agreement.objects.filter(employment=employment).first(),
        "form": form,
        "clock": clock_of(employment, now=now),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "briefings/evidence.html", context, status=status)


@needs("workforce.briefings")
@signed_in
@require_safe
def evidence_file(request: TenantRequest, pk: UUID, kind: str) -> HttpResponse:
    """The evidence as a file; that it was given is on record (ema-2.5)."""
    if kind not in ("json", "pdf"):
        raise Http404
    now = clock.now()
    employment, is_own = _employment(request, pk)
    found = evidence_of(employment, now=now)
    audit.record(
        "briefings.evidence.given",
        target=employment,
        subject=employment.person_id,
        by=audit.by(request),
        at=now,
        clause="ema-2.5",
        detail={"kind": kind, "records": len(found.records), "own": is_own},
    )
    name = f"evidence-{employment.staff_number.pk}.{kind}"
    if kind == "pdf":
        answer = HttpResponse(as_pdf(found), content_type="application/pdf")
    else:
        answer = HttpResponse(as_json(found), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@needs("workforce.briefings")
@signed_in
@require_safe
def signed_record(request: TenantRequest, pk: UUID, record: UUID) -> HttpResponse:
    """The PDF of one record as both sides signed it; that it was given is on record (ema-2.5)."""
    employment, is_own = _employment(request, pk)
    found = get_object_or_404(queries.own_evidence(employment), pk=record)
    content = document_of(found)
    if content is None:
        raise Http404
    audit.record(
        "briefings.evidence.given",
        target=employment,
        subject=employment.person_id,
        by=audit.by(request),
        at=clock.now(),
        clause="ema-2.5",
        detail={"kind": "record", "records": 1, "own": is_own},
    )
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="record-{found.number}.pdf"'
    return answer


@needs("workforce.briefings")
@require_safe
def authorities(request: TenantRequest) -> HttpResponse:
    """The certificates of the authorities whose signatures count here, for everybody."""
    return HttpResponse(
        signatures.authorities(now=clock.now()), content_type="application/x-pem-file"
    )


@needs("workforce.briefings")
@require_safe
def key(request: TenantRequest) -> HttpResponse:
    """The public key under which evidence is sealed, for everybody."""
    return HttpResponse(f"{public_key()}\n", content_type="text/plain; charset=utf-8")


@needs("workforce.briefings")
@require_safe
def verifier(request: TenantRequest) -> HttpResponse:
    """The program that verifies evidence without this service, for everybody."""
    answer = HttpResponse(VERIFIER.read_bytes(), content_type="text/x-python; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="verify.py"'
    return answer
