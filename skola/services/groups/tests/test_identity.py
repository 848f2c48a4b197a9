"""National codes of participants from outside (kic-cat-identity)."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from skola.ground.audit.models import Entry
from skola.ground.people.models import Person
from skola.services.groups.links import address_of
from skola.services.groups.models import Participant, ParticipantCode, Programme
from skola.services.groups.rules import MASK, is_code, plain_code
from skola.services.groups.tests import make

pytestmark = [pytest.mark.usefixtures("tenant", "stand"), pytest.mark.tenant("kic")]
Enter = Callable[..., Person]

CODE = "320000-12345"
PLAIN = "32000012345"
REASON = "The law asks for it on the education document."


def own_page(client: Client, seat: Participant) -> tuple[str, str]:
    """The address of a participant's page, and what stands on it."""
    assert seat.application is not None
    path = address_of(seat.application)
    return path, client.get(path).content.decode()


def shown() -> list[Entry]:
    return list(Entry.objects.filter(kind="groups.code.shown"))


def write(client: Client, programme: Programme, reason: str) -> int:
    told = {
        "title": programme.title,
        "text": programme.text,
        "hours": programme.hours,
        "price": "380.00",
        "terms": programme.terms,
        "code_reason": reason,
    }
    return client.post(reverse("groups:programme", args=[programme.pk]), told).status_code


@pytest.mark.keeps("kic-cat-identity")
def test_a_code_is_asked_with_a_reason_masked_and_shown_with_an_entry(
    client: Client, enter: Enter
) -> None:
    with_reason, without = make.run(), make.run(make.programme(title="Archives"))
    seat, other = make.participant(with_reason), make.participant(without, family_name="Kalns")
    visitor = Client(HTTP_HOST="kic.localhost")
    enter("coordinator")
    office = reverse("groups:office-run", args=[with_reason.pk])
    reveal = reverse("groups:code", args=[seat.pk])

    for one in (seat, other):
        path, page = own_page(visitor, one)
        assert "national_code" not in page
        assert visitor.post(f"{path}codes/", {"national_code": CODE}).status_code == 404
    assert write(client, with_reason.programme, REASON) == 302

    path, page = own_page(visitor, other)
    assert "national_code" not in page
    assert visitor.post(f"{path}codes/", {"national_code": CODE}).status_code == 404
    path, page = own_page(visitor, seat)
    assert 'name="national_code"' in page
    assert REASON in page
    assert visitor.post(f"{path}codes/", {"national_code": "none"}).status_code == 422
    assert client.post(reveal).status_code == 404
    for _ in range(2):
        assert visitor.post(f"{path}codes/", {"national_code": CODE}).status_code == 302
    held = ParticipantCode.objects.get()
    assert PLAIN.encode() not in bytes(held.sealed)

    for page in (own_page(visitor, seat)[1], client.get(office).content.decode()):
        assert MASK in page
        assert CODE not in page
        assert PLAIN not in page
    assert shown() == []
    assert visitor.post(reveal).status_code in (302, 404)
    assert client.get(reveal).status_code == 405
    assert PLAIN in client.post(reveal).content.decode()
    (entry,) = shown()
    assert (str(seat.pk) in entry.target, PLAIN in str(entry.detail)) == (True, False)

    with CaptureQueriesContext(connection) as few:
        client.get(office)
    make.participant(with_reason, family_name="Liepa")
    with CaptureQueriesContext(connection) as more:
        client.get(office)
    assert len(more) == len(few)


@pytest.mark.parametrize("way", ["taken back", "left", "cancelled", "no reason"])
def test_a_code_goes_with_its_reason(client: Client, enter: Enter, way: str) -> None:
    run = make.run()
    seat = make.participant(run)
    enter("coordinator")
    write(client, run.programme, REASON)
    path, _page = own_page(client, seat)
    client.post(f"{path}codes/", {"national_code": CODE})
    assert ParticipantCode.objects.exists()

    if way == "taken back":
        client.post(f"{path}codes/erasures/")
    elif way == "left":
        client.post(reverse("groups:leavings", args=[seat.pk]))
    elif way == "cancelled":
        client.post(reverse("groups:cancellations", args=[run.pk]))
    else:
        write(client, run.programme, "")

    assert not ParticipantCode.objects.exists()
    assert Entry.objects.filter(kind="groups.code.erased").count() == 1
    refused = client.post(f"{path}codes/", {"national_code": CODE}).status_code
    assert refused == {"taken back": 302, "left": 409, "cancelled": 409, "no reason": 404}[way]


def test_codes_of_all_countries_are_taken_in_one_form() -> None:
    assert [plain_code(told) for told in (CODE, " 1990-0101 ab")] == [PLAIN, "19900101AB"]
    taken = [told for told in (PLAIN, "19900101AB", "ABCDEF", "1" * 5, "1" * 21) if is_code(told)]
    assert taken == [PLAIN, "19900101AB"]
