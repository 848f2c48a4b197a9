from datetime import datetime, timedelta
from random import Random

import pytest

from skola.ground.people.tests.make import account, person, role
from skola.promises.retention.api import sweep
from skola.services.exams import demo, queries
from skola.services.exams.models import Attempt, Contest, Exam, Receipt, Recording

pytestmark = pytest.mark.usefixtures("tenant")


def test_the_demo_has_films_inside_and_beyond_their_term_and_one_that_is_held(
    now: datetime,
) -> None:
    people = [account().person for _ in range(20)]
    for one in people[2:4]:
        role(one, "examiner", starts_at=now - timedelta(days=100))
    demo.populate("ilearn", people, Random(1), now)
    assert Recording.objects.count() == 2 * demo.CANDIDATES + 3

    sweep(now=now)

    held = Contest.objects.get().attempt_id
    assert Recording.objects.count() == demo.CANDIDATES + 3
    assert Recording.objects.filter(attempt=held).exists()
    assert Receipt.objects.count() == demo.CANDIDATES
    assert Attempt.objects.to_mark().count() == demo.CANDIDATES + 1
    assert queries.open_sittings(people[5], now).count() == 3


@pytest.mark.tenant("kic")
def test_where_the_policy_covers_no_exams_the_demo_makes_none(now: datetime) -> None:
    demo.populate("kic", [person() for _ in range(12)], Random(1), now)

    assert not Exam.objects.exists()
