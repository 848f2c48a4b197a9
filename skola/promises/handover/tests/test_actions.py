"""Recording the event: the day, the next policy, and what is refused."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from skola.ground import clock
from skola.ground.people.models import Mail
from skola.ground.people.tests import make as people
from skola.ground.tenants.models import Tenant
from skola.promises.handover import actions, queries
from skola.promises.handover.models import Handover
from skola.promises.handover.tests import make
from skola.promises.policy.load import load
from tests.promises.editing import real
from tests.promises.people import working

A_SECOND = timedelta(seconds=1)
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "tenant",
    [
        pytest.param("learnifier", marks=pytest.mark.tenant("learnifier")),
        pytest.param("ema", marks=pytest.mark.tenant("ema")),
    ],
    indirect=True,
)
def test_the_next_policy_differs_by_its_controller_alone(tenant: Tenant) -> None:
    first = actions.first_possible(AT)

    told = make.announced(days=(first - AT.date()).days, at=AT)

    policy = actions._read(told.policy)
    old = load(real(tenant.slug))
    assert policy.controller.name == "Northern Lessons AS"
    assert policy.controller.laws == old.controller.laws
    assert {one.email for one in policy.contact if one.kind == "data-protection"} == {
        "privacy@northern.example"
    }
    assert policy.retention == old.retention
    assert policy.purpose == old.purpose
    assert policy.policy.replaces == old.policy.version


@pytest.mark.tenant("ema")
def test_a_day_too_early_a_second_event_and_a_late_word_are_refused(tenant: Tenant) -> None:
    first = (actions.first_possible(AT) - AT.date()).days
    with pytest.raises(actions.TooEarlyError) as early:
        make.announced(days=first - 1, at=AT)
    assert early.value.first == actions.first_possible(AT)
    assert not Handover.objects.exists()

    told = make.announced(days=first, at=AT)
    with pytest.raises(actions.RefusedError, match="recorded already"):
        make.announced(days=first, at=AT)

    person = people.account().person
    actions.object_to(person.pk, by="visitor", now=told.goes_at - A_SECOND)
    assert queries.who_objected() == {person.pk}
    with pytest.raises(actions.RefusedError, match="The time to object ended"):
        actions.take_back(person.pk, by="visitor", now=told.goes_at)


@pytest.mark.tenant("ema")
def test_who_was_told_is_told_when_it_is_cancelled_and_objections_end(tenant: Tenant) -> None:
    person = people.account().person
    told = make.announced(at=AT)
    assert actions.tell_everybody(now=AT) == 1
    actions.object_to(person.pk, by="visitor", now=AT)
    newcomer = people.account(email="new@example.org")

    actions.cancel(told, "The buyer withdrew.", by="officer", now=AT)

    assert queries.who_objected() == frozenset()
    assert actions.tell_cancelled(told.pk, now=AT) == 1
    assert actions.tell_cancelled(told.pk, now=AT) == 0
    assert not Mail.objects.filter(address=newcomer.email).exists()
    assert "That does not happen" in Mail.objects.latest("created_at", "pk").text
    assert queries.current() is None
    make.announced(at=AT)


@pytest.mark.tenant("ekool")
def test_without_the_rule_there_is_no_room(tenant: Tenant, client: Client) -> None:
    officer = working(tenant, "officer")

    with clock.standing_at(AT):
        for address in ("/office/promises/handover/", "/privacy/handover/"):
            assert officer.get(address).status_code == 404
        assert "Hand-over" not in officer.get("/office/promises/").content.decode()
    with pytest.raises(actions.RefusedError, match="does not speak of selling"):
        make.announced(at=AT)


@pytest.mark.tenant("ema")
def test_a_controller_outside_of_the_eea_is_refused(tenant: Tenant) -> None:
    officer = working(tenant, "officer")
    form = {
        "kind": "merger",
        "agreed_on": "2026-02-27",
        "document": "M 1",
        "name": "Nord",
        "reg_no": "1",
        "address": "Kai 3",
        "email": "new@example.org",
        "country": "US",
        "goes_on": "2026-06-01",
        "understood": "on",
    }
    with clock.standing_at(AT):
        outside = officer.post("/office/promises/handover/", form)
    assert outside.status_code == 422
    assert "outside the European Economic Area" in outside.content.decode()
    assert not Handover.objects.exists()
