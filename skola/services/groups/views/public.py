"""What is given here, and applying for it, with an account or without."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.views.decorators.http import require_http_methods, require_safe

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.tenants.http import TenantRequest
from skola.promises.notices.collection import notice_for
from skola.promises.policy.api import needs
from skola.services.groups import actions, queries, wording
from skola.services.groups.forms import ApplyForm, WordsForm
from skola.services.groups.links import address_of, links
from skola.services.groups.models import Application, Run

NEXT_RUNS = 200


def _published() -> QuerySet[Run]:
    return Run.objects.published().with_counts().select_related("programme")


@needs(queries.CAPABILITY)
@require_safe
def runs(request: TenantRequest) -> HttpResponse:
    """The groups one can apply for, the next to begin on top."""
    today = queries.today(clock.now())
    found = [
        (run, wording.standing_words(run, today)) for run in queries.to_apply(today)[:NEXT_RUNS]
    ]
    return render(request, "groups/runs.html", {"runs": found})


@needs(queries.CAPABILITY)
@require_safe
def run(request: TenantRequest, pk: UUID) -> HttpResponse:
    """One group: what is taught, when, where, what it costs, and the way to apply."""
    today = queries.today(clock.now())
    found = get_object_or_404(_published(), pk=pk)
    context = {
        "run": found,
        "state": wording.standing_words(found, today),
        "meetings": found.meetings.all()[:100],
        "can_apply": found.apply_until >= today,
    }
    return render(request, "groups/run.html", context)


@needs(queries.CAPABILITY)
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: TenantRequest, pk: UUID) -> HttpResponse:
    """Somebody applies (kic-purpose-training); who has an account does not tell the name anew."""
    now = clock.now()
    wanted = get_object_or_404(queries.to_apply(queries.today(now)), pk=pk)
    person = request.person or None
    kind = WordsForm if person else ApplyForm
    form = kind(request.POST or None)
    notice = notice_for("application", now)
    problem = ""
    if request.method == "POST" and form.is_valid():
        sent = actions.Sent(
            source=Application.Source.ACCOUNT if person else Application.Source.SITE,
            notice_version=notice.version,
            language=translation.get_language() or "en",
            words=form.cleaned_data["words"],
        )
        who = form.applicant() if isinstance(form, ApplyForm) else person
        assert who is not None
        try:
            made = actions.apply(
                wanted, who, sent, today=queries.today(now), by=by(request), now=now
            )
        except (actions.ClosedError, actions.TwiceError) as refused:
            problem = str(refused)
        else:
            what = "waiting" if made.stage == Application.Stage.WAITING else "received"
            actions.tell(made, what, link=links(request)(made), now=now)
            return redirect(f"{address_of(made)}?sent=yes")
    context = {"run": wanted, "form": form, "notice": notice, "problem": problem}
    status = 409 if problem else 422 if request.method == "POST" else 200
    return render(request, "groups/apply.html", context, status=status)
