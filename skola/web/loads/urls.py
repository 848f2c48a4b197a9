"""The site map with a bare view: it asks the database as often as a page may, and says nothing."""

from typing import Any

from django.http import HttpResponse
from django.urls import include, path
from django.views.decorators.http import require_GET

from skola.ground.people.api import Person

BARE = "/bare/"
AT_MOST, AT_THE_DOOR = 8, 2
"""Questions of a page, and those of them that ask who is there."""


@require_GET
def bare(request: Any) -> HttpResponse:
    """As many questions as a page may ask, each for one row by its key."""
    for _ in range(AT_MOST - AT_THE_DOOR):
        Person.objects.filter(pk=request.person.pk).values_list("pk").first()
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [path(BARE.lstrip("/"), bare), path("", include("skola.urls"))]
