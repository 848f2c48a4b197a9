"""What a coordinator or a trainer has in sight; everything else does not exist for them."""

from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from skola.ground import clock
from skola.ground.audit.api import by
from skola.ground.people.http import kinds
from skola.ground.tenants.http import TenantRequest
from skola.services.groups import queries, trainers
from skola.services.groups.models import Meeting, Participant, Run, RunQuerySet

COORDINATOR, TRAINER = "coordinator", "instructor"


def taught(request: TenantRequest) -> RunQuerySet:
    """Return the runs that the visitor leads as a trainer."""
    assert request.person is not None
    return Run.objects.taught_by(request.person, clock.now())


def looked_after(request: TenantRequest) -> RunQuerySet:
    """Return the runs that the visitor looks after as a coordinator."""
    assert request.person is not None
    if COORDINATOR not in kinds(request):
        return Run.objects.none()
    return Run.objects.led_by(request.person, clock.now())


def meeting_in_sight(request: TenantRequest, pk: UUID) -> tuple[Meeting, bool]:
    """Return a meeting, and whether the visitor sees it as a trainer only. Raises Http404."""
    found = Meeting.objects.select_related("run__programme")
    own = found.filter(run__in=looked_after(request), pk=pk).first()
    if own is not None:
        return own, False
    if TRAINER not in kinds(request):
        raise Http404
    return get_object_or_404(found.filter(run__in=taught(request)), pk=pk), True


def given_to(request: TenantRequest, run: Run, seats: list[Participant], what: str) -> None:
    """Record what a trainer is about to get, where they are an external one."""
    assert request.person is not None
    now = clock.now()
    today = queries.today(now)
    trainers.disclose(run, seats, request.person, what=what, today=today, by=by(request), now=now)
