"""Behind the link: somebody puts themselves down for a run, by its password."""

from typing import Any

from allauth.core.internal import ratelimit
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from skola.ground import clock
from skola.promises.policy.api import needs
from skola.services.courses.api import NotOpenError
from skola.services.runs import queries
from skola.services.runs.actions import running
from skola.services.runs.forms import JoinForm
from skola.services.runs.models import Participant, RunLink

TRIES = {"join": "30/h/ip"}
"""A class behind one address puts itself down; guessing a password takes more tries."""


@needs("runs.hold")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: Any, key: str) -> HttpResponse:
    """Name, address and password are enough; the way in is mailed to the address."""
    now = clock.now()
    day = queries.today(now)
    link = get_object_or_404(RunLink.objects.select_related("run__course"), key=key)
    came = Participant.objects.filter(run=link.run_id, way=Participant.Way.LINK).count()
    form = JoinForm(request.POST or None)
    if not link.lets_in(came, day) or link.run.course is None:
        return render(request, "runs/closed.html", {"run": link.run}, status=410)
    if request.method == "POST" and form.is_valid():
        if not ratelimit.consume(request, app="runs", action="join", config=TRIES):
            form.add_error(None, _("Too many tries. Wait an hour."))
        elif _joined(form, link, day, now):
            return redirect("runs:joined", key=key)
    context = {"run": link.run, "form": form}
    return render(request, "runs/join.html", context, status=422 if form.errors else 200)


def _joined(form: JoinForm, link: RunLink, day: Any, now: Any) -> bool:
    password = form.cleaned_data["password"]
    try:
        running.join(
            link, form.row, password=password, language=get_language() or "en", today=day, now=now
        )
    except running.ClosedError:
        form.add_error("password", _("This is not the password of the course."))
    except NotOpenError:
        form.add_error(None, _("The course is not published any more."))
    else:
        return True
    return False


@needs("runs.hold")
@require_safe
def joined(request: Any, key: str) -> HttpResponse:
    """Somebody is put down: the rest comes by mail, whether or not they were known here."""
    link = get_object_or_404(RunLink.objects.select_related("run"), key=key)
    return render(request, "runs/joined.html", {"run": link.run})
