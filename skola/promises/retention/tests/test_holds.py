"""Legal holds: what is under one stays, and goes when it ends."""

from datetime import datetime, timedelta

import pytest

from skola.ground.audit.models import Entry
from skola.ground.people.models import Person, Preferences
from skola.promises.retention.actions.holds import HoldUnclearError, place_hold, release_hold
from skola.promises.retention.actions.sweeps import sweep
from skola.promises.retention.rules import NEVER
from skola.promises.retention.tests import make
from skola.promises.retention.tests.conftest import SetTerms
from skola.promises.retention.tests.make import at

DUE = at("2026-03-10")
WEEK = make.rule(at_most={"period": "1 week", "after": "record.created"})


def preferences(now: datetime) -> Preferences:
    return Preferences.objects.create(person=make.person(now), created_at=now)


@pytest.mark.parametrize("category", ["", "preferences"])
def test_a_person_under_a_hold_keeps_what_is_due(
    terms: SetTerms, now: datetime, category: str
) -> None:
    terms(WEEK)
    held, free = preferences(now), preferences(now)
    place_hold(reason="a claim", person_id=held.person_id, category=category, by="system", now=now)

    assert sweep(now=DUE, dry_run=True).erased == 1
    assert sweep(now=DUE).erased == 1
    assert [row.pk for row in Preferences.objects.all()] == [held.pk]
    assert free.pk != held.pk


def test_a_hold_on_one_category_leaves_the_others(terms: SetTerms, now: datetime) -> None:
    terms(WEEK)
    held = preferences(now)
    place_hold(
        reason="a claim", person_id=held.person_id, category="learning", by="system", now=now
    )

    assert sweep(now=DUE).erased == 1


def test_a_hold_on_one_object_leaves_the_others(terms: SetTerms, now: datetime) -> None:
    terms(WEEK)
    held, _free = preferences(now), preferences(now)
    place_hold(reason="a claim", target=held, by="system", now=now)

    sweep(now=DUE)

    assert Preferences.objects.get().pk == held.pk
    assert Preferences.objects.get().due_at == NEVER


def test_a_hold_ends_on_its_day(terms: SetTerms, now: datetime) -> None:
    terms(WEEK)
    held = preferences(now)
    end = at("2026-05-01")
    place_hold(reason="a claim", person_id=held.person_id, ends_at=end, by="system", now=now)

    assert sweep(now=end - make.A_SECOND).erased == 0
    held.refresh_from_db()
    assert held.due_at == end
    assert sweep(now=end).erased == 1


def test_l9_a_released_hold_lets_go_in_the_same_transaction(terms: SetTerms, now: datetime) -> None:
    terms(WEEK)
    held = preferences(now)
    placed = place_hold(reason="a claim", person_id=held.person_id, by="system", now=now)
    sweep(now=DUE)
    released = DUE + timedelta(days=30)

    release_hold(placed, by="system", now=released)

    held.refresh_from_db()
    assert held.due_at == released
    assert sweep(now=released).erased == 1


def test_l8_a_hold_that_comes_too_late_revives_nothing(terms: SetTerms, now: datetime) -> None:
    terms(WEEK)
    late = preferences(now)
    sweep(now=now)

    too_late = DUE + make.A_SECOND
    place_hold(reason="a claim", person_id=late.person_id, by="system", now=too_late)

    assert sweep(now=too_late).erased == 1


def test_holds_are_audited(terms: SetTerms, now: datetime) -> None:
    terms(WEEK)
    placed = place_hold(reason="a claim", person_id=make.person(now).pk, by="system", now=now)
    release_hold(placed, by="system", now=now)

    kinds = Entry.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["retention.hold.placed", "retention.hold.released"]


def test_a_hold_covers_a_person_or_an_object(terms: SetTerms, now: datetime) -> None:
    row = preferences(now)
    person = Person.objects.get()
    with pytest.raises(HoldUnclearError):
        place_hold(reason="all", by="system", now=now)
    with pytest.raises(HoldUnclearError):
        place_hold(reason="both", person_id=person.pk, target=row, by="system", now=now)
    with pytest.raises(HoldUnclearError):
        place_hold(reason="odd", category="learning", target=row, by="system", now=now)
