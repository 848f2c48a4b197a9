"""Consents as intervals: given, asked at the moment of use, ended; by policy, age and time."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from skola.ground.audit.api import Entry, pseudonym
from skola.ground.people.models import Guardianship, Person
from skola.ground.people.tests import make
from skola.promises.consents import actions, api
from skola.promises.consents.actions import Shown
from skola.promises.consents.models import Consent
from skola.promises.retention.models import Fact, StateFact

OWN, PARTNERS, USAGE = "marketing.own", "marketing.partners", "improve.usage"
A_DAY = timedelta(days=1)
ACCOUNT = Shown(channel="account")


def give(person: Person, purpose: str = USAGE, *, at: datetime, **more: Any) -> Consent:
    shown = more.pop("shown", ACCOUNT)
    return api.give(person, purpose, shown, by="test", now=at, **more)


def withdraw(person: Person, purpose: str = USAGE, *, at: datetime, **more: Any) -> list[Consent]:
    return api.withdraw(person, purpose, channel="account", by="test", now=at, **more)


def is_live(purpose: str) -> bool:
    return StateFact.objects.filter(state=f"consent:{purpose}", is_open=True).exists()


@pytest.mark.usefixtures("tenant")
def test_a_consent_stands_from_its_giving_to_its_withdrawal_and_for_its_purpose_only(
    now: datetime,
) -> None:
    person, other = make.person(), make.person()
    given = give(person, at=now)
    give(person, "ads.personal", at=now)
    give(other, "ads.personal", at=now)

    assert not api.allowed(person.pk, USAGE, now=now - timedelta(seconds=1))
    assert api.allowed(person.pk, USAGE, now=now)
    assert not api.allowed(other.pk, USAGE, now=now)
    assert is_live(USAGE)

    ended = withdraw(person, at=now + A_DAY)
    assert [(one.pk, one.end, one.ended_by) for one in ended] == [
        (given.pk, Consent.End.WITHDRAWN, "account")
    ]
    assert not api.allowed(person.pk, USAGE, now=now + A_DAY)
    assert api.allowed(person.pk, "ads.personal", now=now + A_DAY)
    assert not is_live(USAGE)
    assert is_live("ads.personal")
    assert Fact.objects.get(person=person, event="consent.withdrawn").last_at == now + A_DAY
    assert api.ground_at(person.pk, USAGE, moment=now + timedelta(hours=1)) == given
    assert withdraw(person, at=now + 2 * A_DAY) == []


@pytest.mark.usefixtures("tenant")
def test_each_giving_is_a_record_and_a_click_twice_is_one(now: datetime) -> None:
    person = make.person()
    first = give(person, at=now)
    assert give(person, at=now + timedelta(seconds=1)) == first
    phone = Shown(channel="phone", wording="As read out, version 3", proof="recording 17")
    give(person, at=now + A_DAY, shown=phone)
    anew = give(person, at=now + A_DAY, shown=Shown(channel="account", wording="Other words"))

    told = {(one.channel, one.wording, one.end) for one in api.history(person.pk)}
    assert told == {
        ("account", first.wording, "renewed"),
        ("account", "Other words", ""),
        ("phone", "As read out, version 3", ""),
    }
    assert "Analysis of how you use the service" in first.wording
    assert {one.pk for one in withdraw(person, at=now + 2 * A_DAY)} == {
        anew.pk,
        Consent.objects.get(channel="phone").pk,
    }
    kinds = Entry.objects.filter(subject=pseudonym(person.pk)).values_list("kind", flat=True)
    assert sorted(kinds) == ["consents.consent.given"] * 3 + ["consents.consent.withdrawn"] * 2


@pytest.mark.usefixtures("tenant")
def test_channels_with_a_consent_of_their_own_are_asked_one_by_one(now: datetime) -> None:
    person = make.person()
    give(person, OWN, scope="email", at=now)
    give(person, OWN, scope="post", at=now)

    by = {each for each in ("email", "sms", "phone", "post") if _may(person, each, now)}
    assert by == {"email", "phone", "post"}  # what needs none of its own shares one
    withdraw(person, OWN, scope="email", at=now + A_DAY)
    assert {each for each in ("email", "post") if _may(person, each, now + A_DAY)} == {"post"}
    assert is_live(OWN)
    assert not _may(person, "post", now, purpose=PARTNERS)


def _may(person: Person, channel: str, now: datetime, purpose: str = OWN) -> bool:
    return api.allowed(person.pk, purpose, scope=channel, now=now)


@pytest.mark.usefixtures("tenant")
def test_many_people_are_asked_about_in_one_query(now: datetime) -> None:
    people = [make.person() for _ in range(3)]
    for person in people[:2]:
        give(person, at=now)
    withdraw(people[0], at=now + A_DAY)

    with CaptureQueriesContext(connection) as told:
        found = api.allowed_among([one.pk for one in people], USAGE, now=now + A_DAY)
    assert found == {people[1].pk}
    assert len([one for one in told if "SET" not in one["sql"][:12]]) == 1
    joined = Person.objects.filter(pk__in=api.consenting(USAGE, now=now + A_DAY))
    assert list(joined) == [people[1]]


@pytest.mark.usefixtures("tenant")
def test_what_the_policy_does_not_ask_for_is_refused(now: datetime) -> None:
    person = make.person()
    with pytest.raises(api.NotAskedError, match="does not rest on consent"):
        give(person, "billing", at=now)
    with pytest.raises(api.NotAskedError, match="not taken by"):
        give(person, at=now, shown=Shown(channel="silence"))
    assert not api.allowed(person.pk, "billing", now=now)
    assert Consent.objects.count() == 0


@pytest.mark.usefixtures("tenant")
def test_a_use_without_consent_is_refused_and_audited(now: datetime) -> None:
    person = make.person()

    assert not api.may_use(person.pk, USAGE, use="publish", by="test", now=now)
    entry = Entry.objects.get(kind="consents.use.refused")
    assert (entry.subject, entry.detail["purpose"], entry.detail["use"]) == (
        pseudonym(person.pk),
        USAGE,
        "publish",
    )
    give(person, at=now)
    assert api.may_use(person.pk, USAGE, use="publish", by="test", now=now)


@pytest.mark.usefixtures("tenant")
def test_a_consent_expires_by_itself(now: datetime) -> None:
    person = make.person()
    given = give(person, at=now)
    end = given.valid_until
    assert end == datetime(2028, 3, 2, 22, 0, tzinfo=UTC)  # 24 months, through the last day

    assert api.allowed(person.pk, USAGE, now=end - timedelta(seconds=1))
    assert not api.allowed(person.pk, USAGE, now=end)
    assert actions.end_expired(by="test", now=end - timedelta(seconds=1)) == 0
    assert is_live(USAGE)
    actions.end_expired(by="test", now=end + A_DAY)
    given.refresh_from_db()
    assert (given.end, given.ended_at) == (Consent.End.EXPIRED, end)
    assert not is_live(USAGE)


def _child(born: date) -> tuple[Person, Person]:
    child, guardian = make.person(given_name="Anna"), make.person(given_name="Zane")
    Person.objects.filter(pk=child.pk).update(birth_on=born)
    child.refresh_from_db()
    return child, guardian


@pytest.mark.usefixtures("tenant")
def test_a_guardian_consents_for_a_child_until_it_may_itself(now: datetime) -> None:
    child, guardian = _child(date(2013, 6, 1))  # Latvia: 13 years
    with pytest.raises(api.TooYoungError):
        give(child, at=now)
    with pytest.raises(api.NotTheirsError):
        give(child, at=now, giver=guardian)
    link = Guardianship.objects.create(
        child=child,
        guardian=guardian,
        starts_at=now,
        powers=["see"],
        proof="in-person",
        verified_at=now,
    )
    with pytest.raises(api.NotTheirsError):
        give(child, at=now, giver=guardian)
    link.powers = ["see", "consent"]
    link.save()

    given = give(child, at=now, giver=guardian)
    of_age = datetime(2026, 5, 31, 21, 0, tzinfo=UTC)
    assert given.valid_until == of_age
    assert api.allowed(child.pk, USAGE, now=of_age - timedelta(seconds=1))
    assert not api.allowed(child.pk, USAGE, now=of_age)
    actions.end_expired(by="test", now=of_age)
    given.refresh_from_db()
    assert given.end == Consent.End.OF_AGE
    with pytest.raises(api.NotTheirsError):
        give(child, at=of_age, giver=guardian)
    assert give(child, at=of_age).giver is None


@pytest.mark.usefixtures("tenant")
def test_the_database_refuses_a_consent_twice_and_half_an_end(now: datetime) -> None:
    given = give(make.person(), at=now)
    with pytest.raises(IntegrityError, match="consent_once_a_channel"), transaction.atomic():
        Consent.objects.create(
            **{
                name: getattr(given, name)
                for name in ("person", "purpose", "channel", "given_at", "valid_until")
            }
        )
    with pytest.raises(IntegrityError, match="consent_ended_whole"), transaction.atomic():
        Consent.objects.update(ended_at=now)


@pytest.mark.usefixtures("tenant")
def test_after_a_restore_a_withdrawn_consent_is_ended_again(now: datetime) -> None:
    person = make.person()
    given = give(person, OWN, scope="sms", at=now)
    later = give(person, OWN, scope="sms", at=now + A_DAY, shown=Shown(channel="phone"))
    told = {"purpose": OWN, "scope": "sms"}

    actions.withdraw_again(person.pk, now + timedelta(hours=1), told)
    given.refresh_from_db()
    later.refresh_from_db()
    assert (given.end, given.ended_at) == ("withdrawn", now + timedelta(hours=1))
    assert not later.is_ended
    assert is_live(OWN)
