"""The page that says which rules hold for a school, and where each is from (ekool-1.8)."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from skola.ground import clock
from skola.ground.people.http import signed_in
from skola.promises.consents.api import language_of
from skola.promises.policy.api import in_force, needs
from skola.services.school import effective, queries


@needs("diary.school")
@signed_in
@require_safe
def page(request: Any, pk: UUID) -> HttpResponse:
    """For who runs the school, works or learned there, or stands for who did."""
    now = clock.now()
    school = get_object_or_404(queries.known_to(request.person, now), pk=pk)
    language = language_of(in_force(now).policy, get_language() or "")
    context = {
        "school": school,
        "terms": effective.terms(school, language, now),
        "rights": effective.rights(language, now),
        "language": language,
    }
    return render(request, "school/principles.html", context)
