"""The desk of examiners: making exams, letting candidates in, marking, deciding contests."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import holding
from skola.ground.tenants.http import TenantRequest
from skola.ground.ui.api import ROWS_A_PAGE
from skola.promises.policy.api import needs
from skola.promises.retention.api import clock_of
from skola.services.exams import queries, rules
from skola.services.exams.actions import RefusedError, contesting, making, marking
from skola.services.exams.actions import sitting as sitting_actions
from skola.services.exams.forms import (
    DecisionForm,
    ExamForm,
    IdentityForm,
    LookForm,
    MarksForm,
    QuestionForm,
    ReviewForm,
    SittingForm,
)
from skola.services.exams.models import (
    Attempt,
    Contest,
    Exam,
    Invigilator,
    Question,
    Recording,
    Sitting,
)

EXAMINER = "examiner"
LOOKERS = (EXAMINER, "reviewer")


@needs(queries.CAPABILITY)
@holding(EXAMINER)
@require_safe
def desk(request: TenantRequest) -> HttpResponse:
    """What waits: papers to look at, attempts to mark, contests."""
    waiting = queries.waiting()
    context = {
        "to_let_in": [one for one in waiting if one.finished_at is None],
        "to_mark": [one for one in waiting if one.finished_at is not None],
        "contested": Contest.objects.filter(decided_at=None).count(),
        "flagged": Attempt.objects.flagged().whole().order_by("begun_at")[:200],
    }
    return render(request, "exams/desk.html", context)


@needs(queries.CAPABILITY)
@holding(EXAMINER)
@require_safe
def exams(request: TenantRequest) -> HttpResponse:
    """All exams, drafts on top."""
    page = Paginator(queries.exams_with_counts(), ROWS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "exams/exams.html", {"page": page})


@needs(queries.CAPABILITY)
@holding(EXAMINER)
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: TenantRequest) -> HttpResponse:
    """An examiner writes an exam."""
    form = ExamForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = making.draft_exam(form.words(), by=by(request), now=clock.now())
        return redirect("exams:exam", pk=made.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "exams/draft.html", {"form": form, "exam": None}, status=status)


@needs(queries.CAPABILITY)
@holding(EXAMINER)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: TenantRequest, pk: UUID) -> HttpResponse:
    """An examiner changes a draft."""
    exam = get_object_or_404(Exam.objects.filter(published_at=None), pk=pk)
    form = ExamForm(request.POST or None, instance=exam)
    if request.method == "POST" and form.is_valid():
        making.change_exam(exam, form.words(), by=by(request), now=clock.now())
        return redirect("exams:exam", pk=pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "exams/draft.html", {"form": form, "exam": exam}, status=status)


@needs(queries.CAPABILITY)
@holding(EXAMINER)
@require_safe
def exam(request: TenantRequest, pk: UUID) -> HttpResponse:
    """One exam: its questions while it is a draft, then its dates."""
    return _exam(request, pk)


def _exam(
    request: TenantRequest, pk: UUID, *, forms: dict[str, Any] | None = None, problem: str = ""
) -> HttpResponse:
    counted: Any = get_object_or_404(queries.exams_with_counts(), pk=pk)
    found: Exam = counted
    now = clock.now()
    sittings = Paginator(found.sittings.with_counts().order_by("-starts_at"), ROWS_A_PAGE)
    sittings.count = counted.dates
    context = {
        "exam": found,
        "questions": [queries.Asked(one, ()) for one in found.questions.all()],
        "page": sittings.get_page(request.GET.get("page")),
        "days": queries.term_days(found, now),
        "asking": QuestionForm(),
        "planning": SittingForm(now=now),
        "problem": problem,
        "now": now,
        **(forms or {}),
    }
    status = 409 if problem else 422 if forms else 200
    return render(request, "exams/exam.html", context, status=status)


@needs(queries.CAPABILITY)
@holding(EXAMINER)
@require_POST
def add_question(request: TenantRequest, pk: UUID) -> HttpResponse:
    """An examiner adds a question."""
    found, form = get_object_or_404(Exam, pk=pk), QuestionForm(request.POST)
    if not form.is_valid():
        return _exam(request, pk, forms={"asking": form})
    try:
        making.add_question(found, form.query(), by=by(request), now=clock.now())
    except RefusedError as problem:
        return _exam(request, pk, problem=str(problem))
    return redirect("exams:exam", pk=pk)


@needs(queries.CAPABILITY)
@holding(EXAMINER)
@require_POST
def remove_question(request: TenantRequest, pk: UUID) -> HttpResponse:
    """An examiner takes a question out of a draft."""
    found = get_object_or_404(Question.objects.select_related("exam"), pk=pk)
    try:
        making.remove_question(found, by=by(request), now=clock.now())
    except RefusedError as problem:
        return _exam(request, found.exam_id, problem=str(problem))
    return redirect("exams:exam", pk=found.exam_id)


@needs(queries.CAPABILITY)
@holding(EXAMINER)
@require_POST
def publish(request: TenantRequest, pk: UUID) -> HttpResponse:
    """An examiner fixes an exam."""
    try:
        making.publish_exam(get_object_or_404(Exam, pk=pk), by=by(request), now=clock.now())
    except RefusedError as problem:
        return _exam(request, pk, problem=str(problem))
    return redirect("exams:exam", pk=pk)


@needs(queries.CAPABILITY)
@holding(EXAMINER)
@require_POST
def plan(request: TenantRequest, pk: UUID) -> HttpResponse:
    """An examiner sets a date."""
    now = clock.now()
    found, form = get_object_or_404(Exam, pk=pk), SittingForm(request.POST, now=now)
    if not form.is_valid():
        return _exam(request, pk, forms={"planning": form})
    try:
        making.plan_sitting(found, **form.cleaned_data, by=by(request), now=now)
    except RefusedError as problem:
        return _exam(request, pk, problem=str(problem))
    return redirect("exams:exam", pk=pk)


# ---- the day -------------------------------------------------------------------------------------


@needs(queries.CAPABILITY)
@holding(EXAMINER)
@require_safe
def sitting(request: TenantRequest, pk: UUID) -> HttpResponse:
    """Who is there, who waits to be let in, who writes, who is done."""
    return _hall(request, pk)


def _hall(request: TenantRequest, pk: UUID, *, problem: str = "") -> HttpResponse:
    mine = Invigilator.objects.filter(sitting=OuterRef("pk"), person=request.person)
    counted = Sitting.objects.annotate(asked=Count("exam__questions"), watches=Exists(mine))
    held = get_object_or_404(counted.select_related("exam"), pk=pk)
    page = Paginator(queries.held(held), ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "sitting": held,
        "page": page,
        "problem": problem,
        "now": clock.now(),
    }
    return render(request, "exams/hall.html", context, status=409 if problem else 200)


@needs(queries.CAPABILITY)
@holding(EXAMINER)
@require_POST
def check_identity(request: TenantRequest, pk: UUID) -> HttpResponse:
    """An examiner has looked at somebody's papers: what they found stays, nothing else."""
    held, form = get_object_or_404(Attempt, pk=pk), IdentityForm(request.POST)
    assert request.person is not None
    if form.is_valid():
        try:
            sitting_actions.check_identity(
                held,
                outcome=form.cleaned_data["outcome"],
                checker=request.person,
                by=by(request),
                now=clock.now(),
            )
        except RefusedError as problem:
            return _hall(request, held.sitting_id, problem=str(problem))
    return redirect("exams:hall", pk=held.sitting_id)


@needs(queries.CAPABILITY)
@holding(EXAMINER)
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: TenantRequest, pk: UUID) -> HttpResponse:
    """A person says who sat at a flagged exam; nothing follows from the flag alone."""
    held = get_object_or_404(Attempt.objects.whole().filter(identity__outcome="refused"), pk=pk)
    form, problem = ReviewForm(request.POST if request.method == "POST" else None), ""
    assert request.person is not None
    if request.method == "POST" and form.is_valid():
        try:
            sitting_actions.review_identity(
                held,
                **form.cleaned_data,
                reviewer=request.person,
                by=by(request),
                now=clock.now(),
            )
        except RefusedError as refused:
            problem = str(refused)
        else:
            return redirect("exams:desk")
    context = {"attempt": held, "identity": held.identity, "form": form, "problem": problem}
    status = 409 if problem else 422 if form.errors else 200
    return render(request, "exams/review.html", context, status=status)


# ---- marking and deciding ------------------------------------------------------------------------


@needs(queries.CAPABILITY)
@holding(*LOOKERS)
@require_http_methods(["GET", "HEAD", "POST"])
def attempt(request: TenantRequest, pk: UUID) -> HttpResponse:
    """One attempt: its protocol, its answers with their points, and the way to its film."""
    found = get_object_or_404(Attempt.objects.whole().filter(finished_at__isnull=False), pk=pk)
    if found.finished_at is None:
        raise Http404("What was answered has ended; the attempt stays for its film.")
    asked = queries.paper(found)
    answers = [one.answer for one in asked if one.answer is not None]
    for one in asked:
        if one.answer is not None:
            one.answer.question = one.question
    form, problem = MarksForm(request.POST or None, answers=answers), ""
    if request.method == "POST" and form.is_valid() and _is_examiner(request):
        assert request.person is not None
        try:
            marking.release_result(
                found, form.marks(), marker=request.person, by=by(request), now=clock.now()
            )
        except RefusedError as refused:
            problem = str(refused)
        else:
            return redirect("exams:desk")
    status = 409 if problem else 422 if request.method == "POST" else 200
    return render(
        request,
        "exams/marking.html",
        {**_about(request, found, asked), "form": form, "problem": problem},
        status=status,
    )


def _is_examiner(request: TenantRequest) -> bool:
    assert request.person is not None
    return queries.is_examiner(request.person, clock.now())


def _about(request: TenantRequest, found: Attempt, asked: list[queries.Asked]) -> dict[str, Any]:
    recording = Recording.objects.filter(attempt=found).first()
    now = clock.now()
    return {
        "attempt": found,
        "exam": found.sitting.exam,
        "asked": asked,
        "worth": sum(one.question.points for one in asked),
        "recording": recording,
        "identity": getattr(found, "identity", None),
        "contest": getattr(found, "contest", None),
        "receipt": getattr(found, "receipt", None),
        "notes": list(found.notes.all()),
        "look": LookForm(),
        "clock": clock_of(recording or found, now=now),
        "may_mark": _is_examiner(request) and found.person_id != request.person.pk,  # type: ignore[union-attr]  # holding
        "now": now,
        "days_left": rules.days_left(found.window_ends_at, now) if found.window_ends_at else 0,
    }


@needs(queries.CAPABILITY)
@holding(EXAMINER)
@require_safe
def contests(request: TenantRequest) -> HttpResponse:
    """What is contested, and what was decided."""
    page = Paginator(queries.contests(), ROWS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "exams/contests.html", {"page": page})


@needs(queries.CAPABILITY)
@holding(EXAMINER)
@require_http_methods(["GET", "HEAD", "POST"])
def contest(request: TenantRequest, pk: UUID) -> HttpResponse:
    """One contest, decided by somebody else than who marked the exam first."""
    filed = get_object_or_404(Contest, pk=pk)
    found = get_object_or_404(Attempt.objects.whole(), pk=filed.attempt_id)
    asked = queries.paper(found)
    answers = [one.answer for one in asked if one.answer is not None]
    for one in asked:
        if one.answer is not None:
            one.answer.question = one.question
    form, problem = DecisionForm(request.POST or None, answers=answers), ""
    assert request.person is not None
    if request.method == "POST" and form.is_valid():
        try:
            contesting.decide(
                filed,
                decision=form.cleaned_data["decision"],
                reasons=form.cleaned_data["reasons"],
                marks=form.marks(),
                decider=request.person,
                by=by(request),
                now=clock.now(),
            )
        except RefusedError as refused:
            problem = str(refused)
        else:
            return redirect("exams:contests")
    may_decide = rules.may_decide(
        request.person.pk, marker=found.marker_id, candidate=found.person_id
    )
    context = {
        **_about(request, found, asked),
        "filed": filed,
        "form": form,
        "problem": problem,
        "may_decide": may_decide and filed.decided_at is None and found.released_at is not None,
        "is_first_marker": request.person.pk == found.marker_id,
    }
    status = 409 if problem else 422 if request.method == "POST" else 200
    return render(request, "exams/contest.html", context, status=status)
