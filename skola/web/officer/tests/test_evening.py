"""Tonight and this morning, as the officer goes through them."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from skola.ground import clock
from skola.ground.audit.models import Entry
from skola.ground.jobs.api import waiting
from skola.ground.people.models import Account
from skola.ground.people.tests import make
from skola.promises.policy.api import in_force
from skola.promises.retention.models import Breaker, Forecast, Hold, Sweep, Timekeeping

Enter = Callable[[str], Account]
TONIGHT, MORNING = "/office/promises/", "/office/promises/morning/"


@pytest.fixture
def rule() -> str:
    """A retention rule of the policy in force."""
    return in_force(clock.now()).policy.retention[0].id


def today() -> datetime:
    """The present moment in the tenant's zone."""
    from zoneinfo import ZoneInfo

    return clock.now().astimezone(ZoneInfo(in_force(clock.now()).policy.policy.timezone))


def foreseen(rule: str, count: int, *, days: int = 0, at_midnight: int = 0) -> Forecast:
    """What today's forecast says of a day; its sample is a person."""
    here = today()
    sample = make.person(family_name="Samplova").pk
    return Forecast.objects.create(
        day=here.date() + timedelta(days=days),
        made_on=here.date(),
        made_at=clock.now(),
        is_yardstick=days > 0,
        rule=rule,
        table="people_person",
        category="contact",
        count=count,
        at_midnight=at_midnight,
        oldest=clock.now(),
        sample=sample,
    )


def stop(rule: str, due: int = 812) -> Breaker:
    """A rule that the breaker stopped."""
    return Breaker.objects.create(
        rule=rule, tripped_at=clock.now(), due=due, allowed=25, foreseen=3
    )


def test_the_evening_shows_what_goes_today_and_with_midnight_and_no_later(
    client: Client, enter: Enter, rule: str
) -> None:
    enter("officer")
    foreseen(rule, 4)
    foreseen(rule, 30, days=1, at_midnight=3)

    page = client.get(TONIGHT).content.decode()

    assert "7 parts of what is held go with the end of this day." in page
    assert "Samplova" not in page


def test_the_evening_compares_with_the_median_of_this_weekday(
    client: Client, enter: Enter, rule: str
) -> None:
    enter("officer")
    foreseen(rule, 12)
    night = today() + timedelta(days=1)
    for week, count in ((1, 2), (2, 9), (3, 4)):
        at = (night - timedelta(weeks=week)).replace(hour=1)
        counts = [{"rule": rule, "table": "t", "category": "c", "count": count}]
        Sweep.objects.create(swept_at=at, policy="p", erased=count, counts=counts)

    assert "8 more than usual" in client.get(TONIGHT).content.decode()


def test_before_the_first_sweep_it_says_when_there_will_be_a_list(
    client: Client, enter: Enter
) -> None:
    enter("officer")

    assert "within a quarter of an hour" in client.get(TONIGHT).content.decode()
    assert "No sweep has run yet." in client.get(MORNING).content.decode()


@pytest.mark.parametrize("address", [TONIGHT, MORNING])
@pytest.mark.parametrize("number", [1, 3])
def test_the_pages_ask_the_same_however_much_goes(
    client: Client, enter: Enter, address: str, number: int
) -> None:
    enter("officer")
    rules = [one.id for one in in_force(clock.now()).policy.retention[:number]]
    for one in rules:
        foreseen(one, 4)
        stop(one)
        detail = {"rule": one, "count": 2, "category": "contact", "digest": "d", "clauses": "1"}
        Entry.objects.create(at=clock.now(), kind="retention.swept", by="system", detail=detail)
        Sweep.objects.create(swept_at=clock.now(), policy="p", erased=2)
    client.get(address)

    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200

    told = [one["sql"] for one in asked if "set_config" not in one["sql"]]
    own = [one for one in told if "retention_" in one or "audit_" in one]
    assert len(own) <= 5, "\n".join(own)
    assert len(told) <= 8 + 5, "\n".join(told)  # the frame asks for session, person, roles, rail


def test_a_look_at_one_shows_kind_and_reason_no_name_and_is_recorded(
    client: Client, enter: Enter, rule: str
) -> None:
    officer = enter("officer")
    row = foreseen(rule, 4)

    assert client.get(f"/office/promises/samples/{row.pk}/looks/").status_code == 405
    page = client.post(f"/office/promises/samples/{row.pk}/looks/").content.decode()

    assert "One of those that go" in page
    assert "Samplova" not in page
    entry = Entry.objects.get(kind="retention.sample.opened")
    assert entry.target == f"people.person:{row.sample}"
    assert str(officer.person_id) not in entry.by


def test_one_is_held_for_some_days(client: Client, enter: Enter, rule: str) -> None:
    enter("officer")
    row = foreseen(rule, 4)
    address = f"/office/promises/samples/{row.pk}/holds/"

    assert client.post(address, {"days": "0", "reason": "a case"}).status_code == 422
    assert client.post(address, {"days": "3", "reason": "a case"}).status_code == 302

    hold = Hold.objects.get()
    assert (hold.object_table, hold.object_id, hold.reason) == (
        "people_person",
        row.sample,
        "a case",
    )
    assert hold.ends_at is not None
    assert timedelta(days=2) < hold.ends_at - clock.now() <= timedelta(days=3)
    assert waiting("retention.foresee") == [{}]


def test_all_of_a_kind_is_held_for_some_days(client: Client, enter: Enter, rule: str) -> None:
    enter("officer")
    foreseen(rule, 4)
    address = "/office/promises/kinds/holds/"
    told = {"category": "contact", "days": "14", "reason": "a strike"}
    assert 'name="category" value="contact"' in client.get(TONIGHT).content.decode()

    assert client.post(address, {**told, "category": "nothing"}).status_code == 422
    assert client.post(address, {**told, "reason": ""}).status_code == 422
    assert client.post(address, told).status_code == 302

    hold = Hold.objects.get()
    assert (hold.category, hold.person_id, hold.object_id) == ("contact", None, None)
    assert "Of everybody:" in client.get("/office/promises/holds/").content.decode()


def test_a_stopped_rule_is_let_go_with_a_reason_and_the_sweep_follows(
    client: Client, enter: Enter, rule: str
) -> None:
    enter("officer")
    breaker = stop(rule)
    address = f"/office/promises/stops/{breaker.pk}/releases/"
    page = client.get(TONIGHT).content.decode()
    assert "812 are due by this rule; 3 were foreseen, and 25 may go" in page
    assert "A rule is stopped" in client.get("/").content.decode()

    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "A class has left."}).status_code == 302

    breaker.refresh_from_db()
    assert (breaker.reason, breaker.released_at is not None) == ("A class has left.", True)
    assert waiting("retention.sweep") == [{}]
    assert client.post(address, {"reason": "again"}).status_code == 404
    assert "A rule is stopped" not in client.get("/").content.decode()


def test_a_doubtful_clock_is_told_and_confirmed(client: Client, enter: Enter) -> None:
    enter("officer")
    Timekeeping.objects.create(
        told_at=clock.now() - timedelta(days=3),
        host_at=clock.now(),
        doubt="ahead",
        facts={"recorded": "2026-03-01 10:00 UTC", "now": "2026-03-04 10:00 UTC"},
        doubted_at=clock.now(),
    )
    assert "2026-03-01 10:00 UTC" in client.get(TONIGHT).content.decode()
    assert "the clock is doubtful" in client.get("/").content.decode()

    assert client.post("/office/promises/clock/confirmations/").status_code == 302

    assert Timekeeping.objects.get().doubt == ""
    assert Entry.objects.filter(kind="retention.clock.confirmed").exists()
    assert "doubtful" not in client.get(TONIGHT).content.decode()


def test_the_morning_tells_what_went_with_its_entries_and_what_is_left(
    client: Client, enter: Enter, rule: str
) -> None:
    enter("officer")
    now = clock.now()
    detail = {"rule": rule, "count": 5, "category": "contact", "digest": "abc", "clauses": "20.j"}
    entry = Entry.objects.create(at=now, kind="retention.swept", by="system", detail=detail)
    old = now - timedelta(days=3)
    Entry.objects.create(at=old, kind="retention.swept", by="system", detail=detail)
    Sweep.objects.create(swept_at=now, policy="p" * 64, erased=5)

    page = client.get(MORNING).content.decode()

    assert "5 parts went." in page
    assert "nothing that is due was left" in page
    assert str(entry.pk) in page
    assert "20.j" in page
    late = [{"rule": rule, "count": 9, "since": old.isoformat()}]
    refused = [{"rule": rule, "due": 9, "allowed": 2}]
    Sweep.objects.create(
        swept_at=now + timedelta(0), policy="p", overdue=late, refused=refused, erased=0
    )
    Sweep.objects.filter(erased=5).delete()
    page = client.get(MORNING).content.decode()
    assert "Not everything that had to go is gone." in page
    assert "9 are due and 2 may go" in page
