from datetime import UTC, datetime

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from skola.ground.tenants.api import Tenant
from skola.web.zone import ZoneMiddleware

MOMENT = datetime(2026, 3, 2, 22, 30, tzinfo=UTC)


def local_day(request: HttpRequest) -> HttpResponse:
    """A page that says on which day the moment fell."""
    return HttpResponse(timezone.localtime(MOMENT).date().isoformat())


@pytest.mark.parametrize(
    ("slug", "day"),
    [
        pytest.param("ilearn", b"2026-03-03", marks=pytest.mark.tenant("ilearn")),
        pytest.param("learnifier", b"2026-03-02", marks=pytest.mark.tenant("learnifier")),
    ],
)
def test_a_page_has_the_days_of_its_tenant(slug: str, day: bytes, tenant: Tenant) -> None:
    request = RequestFactory().get("/")
    request.tenant = tenant  # type: ignore[attr-defined]  # as the tenant's middleware does

    assert ZoneMiddleware(local_day)(request).content == day
    assert ZoneMiddleware(local_day)(RequestFactory().get("/")).content == b"2026-03-02"
