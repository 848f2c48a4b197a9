"""What is kept for one purpose only is there for that purpose only: law L6, in the database."""

import json
from datetime import datetime, timedelta

import pytest
from django.db import connection

from skola.ground.clock import standing_at
from skola.ground.db.purposes import (
    CLAIMS,
    ENGINE,
    RIGHTS,
    SIGN_IN,
    acting,
    reading_for,
    reading_for_these,
)
from skola.ground.people.models import Person, Preferences
from skola.ground.people.tests import make
from skola.ground.tenants.api import Tenant
from skola.promises.retention.api import as_engine, sweep

pytestmark = pytest.mark.usefixtures("dates_hide")
A_DAY = timedelta(days=1)


def seal(table: str, part: str, at: datetime, until: dict[str, datetime]) -> None:
    """Store from when the parts of a table are sealed, and for what, as the engine does."""
    kept = json.dumps({word: end.isoformat() for word, end in until.items()})
    names = f'"due{part}_at" = %s, "seal{part}_at" = %s, "sealed{part}_for" = %s'
    with as_engine(at), connection.cursor() as cursor:
        cursor.execute(f'update "{table}" set {names}', [max(until.values()), at, kept])


def seen(*, at: datetime, wanted: str = "", person: Person | None = None) -> int:
    with standing_at(at), acting(person.pk if person else None), reading_for(wanted):
        return Preferences.objects.count()


@pytest.fixture
def kept(tenant: Tenant, now: datetime) -> Person:
    """Somebody's settings, sealed from tomorrow on: a week for accounting, two for claims."""
    person = make.person()
    Preferences.objects.create(person=person, created_at=now, language="lv")
    ends = {"accounting": now + 7 * A_DAY, CLAIMS: now + 14 * A_DAY}
    seal("people_preferences", "", now + A_DAY, ends)
    return person


def test_l6_it_is_there_for_everything_until_it_is_sealed_and_then_for_its_purposes(
    kept: Person, now: datetime
) -> None:
    a_second = timedelta(seconds=1)
    assert seen(at=now + A_DAY - 30 * a_second) == 1
    assert seen(at=now + A_DAY) == 0
    for wanted, number in {"accounting": 1, CLAIMS: 1, "marketing": 0, "account": 0}.items():
        assert (wanted, seen(at=now + A_DAY, wanted=wanted)) == (wanted, number)


def test_l6_a_purpose_whose_floor_has_ended_sees_it_no_more(kept: Person, now: datetime) -> None:
    assert seen(at=now + 7 * A_DAY, wanted="accounting") == 0
    assert seen(at=now + 7 * A_DAY, wanted=CLAIMS) == 1
    assert seen(at=now + 14 * A_DAY, wanted=CLAIMS) == 0


def test_who_reads_for_several_purposes_needs_one_of_them(kept: Person, now: datetime) -> None:
    with standing_at(now + 2 * A_DAY):
        with reading_for_these(["marketing", "accounting"]):
            assert Preferences.objects.count() == 1
        with reading_for_these(["marketing", ENGINE, SIGN_IN]):  # whatever a policy calls them
            assert Preferences.objects.count() == 0
        with reading_for(RIGHTS), reading_for_these(["marketing"]):
            assert Preferences.objects.count() == 1


def test_a_person_sees_what_is_kept_of_them_and_the_engine_keeps_it(
    kept: Person, now: datetime
) -> None:
    at = now + 2 * A_DAY
    assert seen(at=at, person=kept) == 1
    assert seen(at=at, person=make.person()) == 0
    assert [seen(at=at, wanted=word) for word in (ENGINE, RIGHTS, SIGN_IN)] == [1, 1, 1]
    assert seen(at=now + 14 * A_DAY, wanted=RIGHTS) == 0
    with reading_for(ENGINE):
        assert Preferences.objects.count() == 1


def test_what_is_not_there_is_not_written(kept: Person, now: datetime) -> None:
    with standing_at(now + 2 * A_DAY):
        assert Preferences.objects.filter(person=kept).update(language="en") == 0
        assert Preferences.objects.filter(person=kept).delete() == (0, {})
    with reading_for(ENGINE):
        assert Preferences.objects.get().language == "lv"


def test_a_row_that_stays_is_saved_with_what_its_sealed_part_says(
    tenant: Tenant, now: datetime
) -> None:
    make.person(given_name="Ilze", email="ilze@example.org")
    seal("people_person", "_identity", now, {"accounting": now + A_DAY})
    with standing_at(now):
        found = Person.objects.get()
        assert (found.given_name, found.email) == ("", "ilze@example.org")
        found.phone = "+37120000000"
        found.save()
        with reading_for("accounting"):
            found = Person.objects.get()
            assert (found.given_name, found.phone) == ("Ilze", "+37120000000")
        with acting(found.pk):
            assert Person.objects.get().given_name == "Ilze"
    with standing_at(now + A_DAY), reading_for("accounting"):
        assert Person.objects.get().given_name == ""


def test_a_stored_seal_is_computed_again_like_the_date(tenant: Tenant, now: datetime) -> None:
    Preferences.objects.create(person=make.person(), created_at=now, language="lv")
    sweep(now=now)
    assert seen(at=now) == 1
    seal("people_preferences", "", now, {"accounting": now + A_DAY})
    assert seen(at=now) == 0

    sweep(now=now + A_DAY)  # due, as was stored: looked at, and put right

    assert seen(at=now + A_DAY) == 1
