"""The officer's place, as those who work there meet it."""

from collections.abc import Callable

import pytest
from django.test import Client

from skola.ground.audit.models import Entry
from skola.ground.people.models import Account
from skola.ground.people.tests import make
from skola.promises.retention.models import Hold

Enter = Callable[[str], Account]
PAGES = ("/office/promises/", "/office/promises/morning/", "/office/promises/holds/")


@pytest.mark.parametrize("kind", ["administrator", "officer"])
def test_officers_find_the_tabs_in_the_rail_and_on_each_page(
    client: Client, enter: Enter, kind: str
) -> None:
    enter(kind)

    assert 'href="/office/promises/"' in client.get("/").content.decode()
    for address in PAGES:
        page = client.get(address)
        assert page.status_code == 200
        assert f'<a href="{address}" aria-current="page">' in page.content.decode()


@pytest.mark.parametrize("kind", ["learner", "author", "finance", "support", "recruiter"])
def test_for_others_it_does_not_exist(client: Client, enter: Enter, kind: str) -> None:
    enter(kind)

    assert "/office/promises/" not in client.get("/").content.decode()
    assert {client.get(address).status_code for address in PAGES} == {404}


def test_a_visitor_is_led_to_the_sign_in(client: Client) -> None:
    assert {client.get(address).status_code for address in PAGES} == {302}


def test_a_hold_is_placed_and_released(client: Client, enter: Enter) -> None:
    enter("officer")
    held = make.person(family_name="Heldova", email="held@example.org")
    form = {"email": "Held@example.org", "category": "contact", "reason": "Case 12/2026"}

    assert client.post("/office/promises/holds/", form).status_code == 302

    hold = Hold.objects.get()
    assert (hold.person_id, hold.category, hold.ends_at) == (held.pk, "contact", None)
    page = client.get("/office/promises/holds/").content.decode()
    assert "Case 12/2026" in page
    assert held.family_name not in page
    assert client.post(f"/office/promises/holds/{hold.pk}/endings/").status_code == 302
    assert client.post(f"/office/promises/holds/{hold.pk}/endings/").status_code == 404
    hold.refresh_from_db()
    assert hold.released_at is not None
    assert set(Entry.objects.values_list("kind", flat=True)) >= {
        "retention.hold.placed",
        "retention.hold.released",
    }


@pytest.mark.parametrize(
    "wrong",
    [{"email": "nobody@example.org"}, {"reason": ""}, {"ends_on": "2001-01-01"}, {"category": "x"}],
)
def test_a_hold_that_makes_no_sense_is_refused(
    client: Client, enter: Enter, wrong: dict[str, str]
) -> None:
    enter("officer")
    make.person(email="held@example.org")

    answer = client.post(
        "/office/promises/holds/", {"email": "held@example.org", "reason": "a case", **wrong}
    )

    assert answer.status_code == 422
    assert list(Hold.objects.all()) == []
