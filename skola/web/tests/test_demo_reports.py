"""Each service of the demo has reports to open."""

from datetime import datetime

import pytest

from skola.ground.people.tests.make import person
from skola.promises.reports.api import Report
from skola.promises.statistics.models import PublishedTable
from skola.services.courses.tests import make as courses
from skola.web.demo.reports import populate

SERVICES = {"ilearn": 5, "kic": 1, "learnifier": 2, "ema": 1, "ekool": 1}


@pytest.mark.parametrize(
    ("slug", "count"),
    [pytest.param(slug, n, marks=pytest.mark.tenant(slug)) for slug, n in SERVICES.items()],
)
@pytest.mark.usefixtures("tenant")
def test_what_the_policy_lets_be_read_is_registered(slug: str, count: int, now: datetime) -> None:
    courses.enrolment(courses.course(), person())

    populate(now)

    assert Report.objects.count() == count
    assert PublishedTable.objects.count() == (slug in ("ilearn", "learnifier"))
