from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from skola.ground import clock
from skola.ground.people.models import Account, Mail, Person
from skola.ground.people.tests import make
from skola.promises.accuracy import actions
from skola.promises.accuracy.links import address_of
from skola.promises.accuracy.models import Invitation
from skola.promises.retention.api import record_state
from skola.promises.rights.api import RightsRequest

pytestmark = [pytest.mark.usefixtures("tenant"), pytest.mark.tenant("kic")]

BEGUN = datetime(2025, 3, 2, 9, 0, tzinfo=UTC)
DUE = datetime(2026, 3, 2, 22, 0, tzinfo=UTC)
"""The midnight in Riga after a year."""


def invite(at: datetime) -> int:
    return actions.invite_who_is_due(by="job", now=at)


def test_somebody_is_invited_after_a_year_and_then_after_another() -> None:
    who = make.account(created_at=BEGUN).person

    assert [invite(DUE - timedelta(seconds=1)), invite(DUE), invite(DUE)] == [0, 1, 0]
    assert Mail.objects.get().address == who.email
    first = Invitation.objects.get()
    actions.confirm(first, by="person", now=DUE + timedelta(days=30))

    assert invite(DUE + timedelta(days=380)) == 0
    assert invite(DUE + timedelta(days=396)) == 1


def test_clients_without_an_account_are_asked_and_others_are_not() -> None:
    client = make.person(created_at=BEGUN)
    make.person(created_at=BEGUN)
    nobody = make.account(created_at=BEGUN)
    Person.objects.filter(pk=nobody.person_id).update(email="")
    closed = make.account(created_at=BEGUN)
    Account.objects.filter(pk=closed.pk).update(is_active=False)
    record_state(client.pk, "client.active", is_open=True, at=BEGUN)

    invite(DUE)

    assert [one.person for one in Invitation.objects.all()] == [client]


@pytest.mark.tenant("ilearn")
def test_where_the_policy_promises_no_review_nobody_is_asked(client: Client) -> None:
    who = make.account(created_at=BEGUN).person
    made = Invitation.objects.create(person=who, asked_at=DUE)

    assert invite(DUE + timedelta(days=900)) == 0
    assert client.get(address_of(made)).status_code == 404


def test_phone_and_address_are_right_at_once_and_a_name_becomes_a_request(client: Client) -> None:
    who = make.account(created_at=BEGUN).person
    made = Invitation.objects.create(person=who, asked_at=DUE)
    there = f"{address_of(made)}corrections/"

    with clock.standing_at(DUE):
        assert client.post(there, {}).status_code == 422
        told = {"phone": "+371 20000000", "address": "", "words": "I am Kalna now."}
        assert client.post(there, told).status_code == 302
        assert client.post(there, told).status_code == 409

    who.refresh_from_db()
    assert who.phone == "+371 20000000"
    asked = RightsRequest.objects.get()
    assert (asked.kind, asked.words, asked.person) == ("rectification", "I am Kalna now.", who)
    made.refresh_from_db()
    assert made.answer == "corrected"


def test_what_was_answered_shows_no_data_any_more(client: Client) -> None:
    who = make.account(created_at=BEGUN).person
    made = Invitation.objects.create(person=who, asked_at=DUE)
    there = address_of(made)
    with clock.standing_at(DUE):
        assert who.email in client.get(there).content.decode()
        assert client.post(f"{there}confirmations/").status_code == 302
        page = client.get(there).content.decode()
        assert client.post(f"{there}confirmations/").status_code == 409

    assert who.email not in page
    assert "everything is right" in page
    for token in (str(made.pk), f"{made.pk}:forged"):
        assert client.get(f"/accuracy/{token}/").status_code == 404


def test_the_page_asks_the_database_little(
    client: Client, sign_in: Callable[[Account], Account]
) -> None:
    who = sign_in(make.account(created_at=BEGUN)).person
    made = Invitation.objects.create(person=who, asked_at=DUE)

    def queries_of(address: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    with clock.standing_at(DUE):
        frame = queries_of(reverse("ui:display"))
        assert queries_of(address_of(made)) - frame <= 8
