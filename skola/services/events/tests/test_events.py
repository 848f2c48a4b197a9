"""Events, seen by their guests and by the office, under KIC's policy."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from skola.ground import clock
from skola.ground.people.models import Account, Mail
from skola.ground.people.tests import make as people
from skola.promises.retention.api import open_states, sweep
from skola.services.events import actions
from skola.services.events.links import address_of
from skola.services.events.models import Event, Registration
from skola.services.events.tests import make

pytestmark = [pytest.mark.usefixtures("tenant", "stand"), pytest.mark.tenant("kic")]
A_DAY = timedelta(days=1)


@pytest.fixture
def stand() -> Iterator[None]:
    """Pages are asked for on the day of the test."""
    with clock.standing_at(make.A_DAY):
        yield


def ahead() -> int:
    """How many people are kept for an event."""
    return len(open_states(actions.AHEAD, before=make.A_DAY + 999 * A_DAY))


def test_the_last_seat_is_given_once_and_is_free_again_after_a_withdrawal() -> None:
    event = make.event(seats=1)
    first = make.registration(event)
    with pytest.raises(actions.ClosedError, match="All seats are taken"):
        make.registration(event)

    actions.withdraw(first, by="guest", now=make.A_DAY)

    second = make.registration(event)
    assert list(Registration.objects.standing()) == [second]


def test_who_is_registered_is_told_so_and_who_withdrew_comes_back() -> None:
    event, guest = make.event(), people.person()
    made = make.registration(event, guest)
    with pytest.raises(actions.TwiceError):
        make.registration(event, guest)
    actions.withdraw(made, by="guest", now=make.A_DAY)

    again = make.registration(event, guest)

    assert again.pk == made.pk
    assert again.withdrawn_at is None


def test_somebody_is_kept_for_an_event_until_it_is_over_and_no_longer() -> None:
    guest = people.person()
    near, far = make.event("Near", days=10), make.event("Far", days=20)
    make.registration(near, guest)
    make.registration(far, guest)

    actions.close_what_is_over(now=make.A_DAY + 11 * A_DAY)
    assert ahead() == 1
    actions.close_what_is_over(now=make.A_DAY + 21 * A_DAY)
    assert ahead() == 0


def test_an_event_more_than_a_year_ahead_does_not_lose_its_guests() -> None:
    made = make.registration(make.event(days=500))

    sweep(now=make.A_DAY + 400 * A_DAY)

    assert Registration.objects.filter(pk=made.pk).exists()


def test_a_cancelled_event_keeps_nobody_and_everybody_is_told() -> None:
    event = make.event()
    made = make.registration(event)

    actions.cancel_event(event, link=address_of, by="office", now=make.A_DAY)

    assert ahead() == 0
    told = Mail.objects.get(address=made.person.email)
    assert told.subject == "Cancelled: Open day"
    assert address_of(made) in told.text
    with pytest.raises(actions.ClosedError):
        actions.cancel_event(event, link=address_of, by="office", now=make.A_DAY)


def test_another_time_is_told_and_other_words_are_not() -> None:
    event = make.event()
    make.registration(event)

    def change(facts: actions.EventFacts) -> int:
        actions.change_event(event, facts, link=address_of, by="office", now=make.A_DAY)
        return Mail.objects.count()

    assert change(make.facts("Open evening")) == 0
    assert change(make.facts("Open evening", days=21)) == 1
    make.registration(event)
    with pytest.raises(actions.ClosedError, match="registered already"):
        change(make.facts(days=21, seats=1))


def test_the_office_plans_publishes_and_sees_who_comes(
    sign_in: Callable[[Account], Account], client: Client
) -> None:
    worker = people.account()
    people.role(worker.person, "coordinator")
    sign_in(worker)
    told = {
        "title": "Career evening",
        "about": "Graduates tell.",
        "place": "Riga",
        "starts_at": "2026-04-14T18:00",
        "ends_at": "2026-04-14T20:00",
        "seats": "",
    }
    late = {**told, "ends_at": "2026-04-14T17:00"}
    assert client.post(reverse("events:new"), late).status_code == 422
    assert client.post(reverse("events:new"), told).status_code == 302
    event = Event.objects.get()
    public = reverse("events:one", args=[event.pk])
    assert client.get(public).status_code == 404
    assert client.post(reverse("events:publications", args=[event.pk])).status_code == 302
    assert client.get(public).status_code == 200
    assert "Career evening" in client.get(reverse("events:office")).content.decode()

    guest = make.registration(event).person

    page = client.get(reverse("events:office-one", args=[event.pk])).content.decode()
    assert guest.name in page
    assert guest.email in page
    changed = {**told, "place": "Jelgava"}
    assert client.post(reverse("events:change", args=[event.pk]), changed).status_code == 302
    assert client.post(reverse("events:cancellations", args=[event.pk])).status_code == 302
    assert sorted(Mail.objects.values_list("subject", flat=True)) == [
        "Cancelled: Career evening",
        "Changed: Career evening",
    ]


def test_a_guest_withdraws_by_the_link_until_it_begins(client: Client) -> None:
    made = make.registration()
    page = client.get(address_of(made))
    assert "Withdraw the registration" in page.content.decode()

    assert client.post(f"{address_of(made)}withdrawals/").status_code == 302

    assert "Withdraw the registration" not in client.get(address_of(made)).content.decode()
    assert not Registration.objects.standing().exists()


def test_the_office_is_closed_to_who_does_not_work_there(
    sign_in: Callable[[Account], Account], client: Client
) -> None:
    sign_in(people.account())
    event = make.event()
    for name in ("office", "new"):
        assert client.get(reverse(f"events:{name}")).status_code in (403, 404)
    for name in ("office-one", "change"):
        assert client.get(reverse(f"events:{name}", args=[event.pk])).status_code in (403, 404)
    for name in ("publications", "cancellations"):
        answer = client.post(reverse(f"events:{name}", args=[event.pk]))
        assert answer.status_code in (403, 404)
