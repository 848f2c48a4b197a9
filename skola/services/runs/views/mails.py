"""The mails of a run: which rules there are, whom they would reach today, who got what."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from skola.ground import clock
from skola.ground.people.http import holding
from skola.ground.ui.api import ROWS_A_PAGE
from skola.promises.policy.api import needs
from skola.services.runs import queries
from skola.services.runs.actions import mailing
from skola.services.runs.forms import ReminderForm
from skola.services.runs.models import MailRule, RunMail
from skola.services.runs.views.leading import LEADS, run_of
from skola.services.runs.wording import before_end


@needs("runs.hold")
@holding(*LEADS)
@require_http_methods(["GET", "HEAD", "POST"])
def mails(request: Any, pk: UUID) -> HttpResponse:
    """The rules and the log; and a new reminder."""
    now = clock.now()
    run = run_of(pk)
    form = ReminderForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            mailing.add_rule(run, **form.cleaned_data, now=now)
        except mailing.TwiceError:
            form.add_error("days", _("There is a reminder on that day already."))
        else:
            return redirect("runs:mails", pk=pk)
    log = RunMail.objects.filter(participant__run=run).select_related("participant__person")
    paginator = Paginator(log, ROWS_A_PAGE)
    vars(paginator)["count"] = run.mailed  # known already: it need not be asked for once more
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "run": run,
        "rules": [(one, before_end(one.days)) for one in MailRule.objects.filter(run=run)],
        "page": page,
        "rows": [(one, before_end(one.days)) for one in page],
        "form": form,
        "over": queries.today(now) > run.ends_on,
    }
    return render(request, "runs/mails.html", context, status=422 if form.errors else 200)


@needs("runs.hold")
@holding(*LEADS)
@require_POST
def remove_rule(request: Any, pk: UUID, rule: UUID) -> HttpResponse:
    """A reminder goes out no more; what it has sent stays in the log."""
    found = get_object_or_404(MailRule, pk=rule, run=pk)
    found.delete()
    return redirect("runs:mails", pk=pk)
