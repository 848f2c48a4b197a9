from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from skola.ground.people.models import Mail, Person, Role
from skola.services.billing.api import Contract
from skola.services.groups import actions
from skola.services.groups.links import address_of, address_of_booking
from skola.services.groups.models import Application, Meeting, Participant, Programme, Run
from skola.services.groups.tests import make

pytestmark = [pytest.mark.usefixtures("tenant", "stand"), pytest.mark.tenant("kic")]

Enter = Callable[..., Person]
AT_MOST = 8


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200, address
    return len(asked)


def form(**changed: Any) -> dict[str, Any]:
    """An application as somebody without an account sends it."""
    values = {
        "given_name": "Jānis",
        "family_name": "Ozols",
        "email": "Janis@example.org",
        "phone": "+371 20000000",
        "words": "I know a little.",
    }
    return values | changed


def applied(client: Client, run: Run, **changed: Any) -> str:
    """Apply, and return the address of one's own page."""
    answer = client.post(reverse("groups:apply", args=[run.pk]), form(**changed))
    assert answer.status_code == 302
    return str(answer["Location"]).partition("?")[0]


def facts(**changed: Any) -> dict[str, Any]:
    values = {
        "code": "B-9",
        "place": "Rīga",
        "starts_on": "2026-03-16",
        "ends_on": "2026-04-15",
        "apply_until": "2026-03-16",
        "seats": "2",
    }
    return values | changed


def test_a_coordinator_writes_a_programme_plans_a_group_and_sets_its_days(
    client: Client, enter: Enter
) -> None:
    enter("coordinator")
    told = {"title": "Bookkeeping", "text": "x", "hours": 40, "price": "380.50", "terms": "Pay."}
    assert client.post(reverse("groups:write"), told).status_code == 302
    programme = Programme.objects.get()
    assert programme.price_cents == 38_050
    page = client.post(reverse("groups:plan"), facts(programme=programme.pk))["Location"]
    run = Run.objects.get()
    assert client.get(reverse("groups:run", args=[run.pk])).status_code == 404
    weekly = {"on": "2026-03-18", "begins": "17:30", "ends": "20:45", "every": "week"}
    assert client.post(reverse("groups:days", args=[run.pk]), weekly).status_code == 302
    assert [day.on.day for day in Meeting.objects.all()] == [18, 25, 1, 8, 15]
    assert client.post(reverse("groups:publications", args=[run.pk])).status_code == 302

    assert client.get(page).status_code == 200
    shown = client.get(reverse("groups:run", args=[run.pk])).content.decode()
    assert "Wednesday, 18 March 2026" in shown
    assert "€380.50" in shown
    assert "Bookkeeping" in client.get(reverse("groups:runs")).content.decode()


def test_somebody_without_an_account_applies_is_admitted_and_accepts_by_the_link(
    client: Client, enter: Enter
) -> None:
    run = make.run()
    mine = applied(client, run)
    application = Application.objects.get()
    assert (application.source, application.notice_version) == ("site", "2018-05-25")
    assert application.person.phone == "+371 20000000"
    letter = Mail.objects.get()
    assert (letter.address, mine in letter.text) == ("janis@example.org", True)
    assert "Jānis Ozols" in client.get(mine).content.decode()
    visitor = Client(HTTP_HOST="kic.localhost")
    enter("coordinator")
    decide = reverse("groups:decisions", args=[application.pk])
    assert client.post(decide, {"to": "admitted"}).status_code == 302
    assert "You have a seat" in Mail.objects.latest("created_at").subject
    contract = Contract.objects.get()
    assert contract.text[:30] in visitor.get(mine).content.decode()

    assert visitor.post(f"{mine}contracts/", {"answer": "accept"}).status_code == 302

    contract.refresh_from_db()
    assert (contract.evidence, contract.person) == ("link", application.person)
    assert "concluded" in visitor.get(mine).content.decode()
    assert visitor.post(f"{mine}contracts/", {"answer": "accept"}).status_code == 409
    page = client.get(reverse("groups:office-run", args=[run.pk])).content.decode()
    assert "contract concluded" in page


def test_who_has_an_account_applies_without_telling_the_name_anew(
    client: Client, enter: Enter
) -> None:
    run, me = make.run(), enter()

    mine = client.post(reverse("groups:apply", args=[run.pk]), {"words": ""})["Location"]

    application = Application.objects.get()
    assert (application.person, application.source) == (me, "account")
    assert client.get(mine).status_code == 200
    assert "Bookkeeping" in client.get(reverse("groups:own")).content.decode()
    again = client.post(reverse("groups:apply", args=[run.pk]), {"words": ""})
    assert again.status_code == 409
    seat = actions.admit(application, with_contract=True, by="office", now=make.A_DAY)
    client.post(f"{mine.partition('?')[0]}contracts/", {"answer": "accept"})
    assert seat.contract is not None
    seat.contract.refresh_from_db()
    assert seat.contract.evidence == "click"


def test_declining_the_contract_frees_the_seat(client: Client) -> None:
    seat = make.participant(make.run(seats=1))
    assert seat.application is not None
    mine = address_of(seat.application)

    assert client.post(f"{mine}contracts/", {"answer": "decline"}).status_code == 302

    assert Contract.objects.get().ending == "declined"
    assert Participant.objects.get().left_at is not None
    assert Application.objects.get().stage == "withdrawn"


def test_stepping_back_by_the_link(client: Client) -> None:
    application = make.application()
    mine = address_of(application)
    assert "Step back" in client.get(mine).content.decode()

    assert client.post(f"{mine}withdrawals/").status_code == 302

    application.refresh_from_db()
    assert application.stage == "withdrawn"
    assert client.post(f"{mine}withdrawals/").status_code == 409
    assert "Step back" not in client.get(mine).content.decode()


def test_a_full_group_has_a_waiting_list(client: Client, enter: Enter) -> None:
    run = make.run(seats=1)
    seat = make.participant(run)
    first = applied(client, run, email="a@example.org")
    second = applied(client, run, email="b@example.org")
    assert "0 applications stand before yours" in client.get(first).content.decode()
    assert "1 application stands before yours" in client.get(second).content.decode()
    enter("coordinator")
    waiting = Application.objects.filter(stage="waiting").order_by("applied_at")
    decide = reverse("groups:decisions", args=[waiting[0].pk])

    assert client.post(decide, {"to": "admitted"}).status_code == 409
    assert client.post(reverse("groups:leavings", args=[seat.pk])).status_code == 302
    assert client.post(reverse("groups:leavings", args=[seat.pk])).status_code == 409
    page = client.get(reverse("groups:office-run", args=[run.pk])).content.decode()
    assert "1 seat is free, and somebody waits." in page
    assert client.post(decide, {"to": "admitted"}).status_code == 302
    assert client.post(decide, {"to": "refused"}).status_code == 409


@pytest.mark.parametrize(
    "changed",
    [
        {"given_name": ""},
        {"email": "nobody"},
        {"website": "https://example.org"},
        {"words": "x" * 1_001},
    ],
)
def test_a_wrong_application_comes_back_and_nothing_is_kept(
    client: Client, changed: dict[str, Any]
) -> None:
    run = make.run()

    answer = client.post(reverse("groups:apply", args=[run.pk]), form(**changed))

    assert answer.status_code == 422
    assert (Application.objects.count(), Person.objects.count(), Mail.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize(
    "changed",
    [
        {"ends_on": "2026-03-01"},
        {"ends_on": "2030-03-01"},
        {"apply_until": "2026-05-01"},
        {"seats": "0"},
        {"code": "B-1"},
        {"programme": ""},
        {"starts_on": "soon"},
    ],
)
def test_a_group_with_wrong_facts_comes_back(
    client: Client, enter: Enter, changed: dict[str, Any]
) -> None:
    enter("coordinator")
    known = make.run()

    told = facts(programme=known.programme_id) | changed
    assert client.post(reverse("groups:plan"), told).status_code == 422
    assert Run.objects.count() == 1


def test_who_has_a_seat_is_told_of_other_days(client: Client, enter: Enter) -> None:
    enter("coordinator")
    run = make.run()
    make.participant(run)

    answer = client.post(reverse("groups:change", args=[run.pk]), facts(code=run.code))

    assert answer.status_code == 302
    assert Mail.objects.get().subject == "Other days for Bookkeeping"
    client.post(reverse("groups:change", args=[run.pk]), facts(code=run.code, seats="5"))
    assert Mail.objects.count() == 1


def test_a_coordinator_enters_who_rang_records_results_and_cancels(
    client: Client, enter: Enter
) -> None:
    enter("coordinator")
    run = make.run()
    entries = reverse("groups:entries", args=[run.pk])
    assert client.post(entries, form(email="x")).status_code == 422
    assert client.post(entries, form()).status_code == 302
    application = Application.objects.get()
    assert application.source == "staff"
    client.post(reverse("groups:decisions", args=[application.pk]), {"to": "admitted"})
    seat = Participant.objects.get()
    results = reverse("groups:results", args=[seat.pk])
    assert client.post(results, {"result": "brilliant"}).status_code == 409
    assert client.post(results, {"result": "passed"}).status_code == 302
    seat.refresh_from_db()
    assert seat.result == "passed"

    cancel = reverse("groups:cancellations", args=[run.pk])
    assert "1 person has a seat." in client.get(cancel).content.decode()
    assert client.post(cancel).status_code == 302
    assert client.post(cancel).status_code == 409
    assert client.get(reverse("groups:run", args=[run.pk])).status_code == 404


@pytest.mark.parametrize("role", ["support", "finance", "instructor", "author", "officer"])
def test_nobody_but_coordinators_sees_who_applied(client: Client, enter: Enter, role: str) -> None:
    application = make.application()
    enter(role)

    for name, key in (
        ("office", None),
        ("programmes", None),
        ("office-run", application.run_id),
        ("days", application.run_id),
        ("change", application.run_id),
    ):
        address = reverse(f"groups:{name}", args=[key] if key else [])
        assert client.get(address).status_code == 404
    decide = reverse("groups:decisions", args=[application.pk])
    assert client.post(decide, {"to": "admitted"}).status_code == 404


def test_a_coordinator_of_one_group_sees_that_one_only(client: Client, enter: Enter) -> None:
    mine, other = make.run(), make.run()
    foreign = make.application(other)
    Role.objects.create(
        person=enter(),
        kind="coordinator",
        scope="groups.run",
        scope_id=mine.pk,
        starts_at=make.A_DAY,
    )

    page = client.get(reverse("groups:office")).content.decode()

    assert [mine.code in page, other.code in page] == [True, False]
    assert client.get(reverse("groups:office-run", args=[mine.pk])).status_code == 200
    assert client.get(reverse("groups:office-run", args=[other.pk])).status_code == 404
    decide = reverse("groups:decisions", args=[foreign.pk])
    assert client.post(decide, {"to": "refused"}).status_code == 404


def test_a_forged_link_shows_nothing(client: Client) -> None:
    application = make.application()

    for token in (str(application.pk), f"{application.pk}:forged", "x:y"):
        assert client.get(reverse("groups:mine", args=[token])).status_code == 404
        assert client.post(reverse("groups:withdrawals", args=[token])).status_code == 404


@pytest.mark.tenant("ema")
def test_without_a_purpose_there_are_no_groups(client: Client, enter: Enter) -> None:
    enter("coordinator")

    for name in ("runs", "own", "office", "programmes", "plan"):
        assert client.get(reverse(f"groups:{name}")).status_code == 404
    assert client.get(reverse("groups:run", args=[uuid4()])).status_code == 404


@pytest.mark.parametrize("count", [1, 20])
def test_pages_ask_the_database_as_often_for_twenty_as_for_one(
    client: Client, enter: Enter, count: int
) -> None:
    me = enter("coordinator")
    runs = [make.run(seats=90) for _ in range(count)]
    for n in range(count):
        make.participant(runs[0], family_name=f"A{n}")
        make.application(runs[0], family_name=f"B{n}")
        make.application(runs[n], me)
        make.meeting(runs[0], runs[0].starts_on.replace(day=16 + n % 15))
    booking = make.booking(runs[0], names=tuple(f"C{n}" for n in range(count)))
    for _ in range(count - 1):
        make.booking(runs[0])
    seat = Participant.objects.all()[0]
    assert seat.application is not None

    pages = {
        "runs": reverse("groups:runs"),
        "run": reverse("groups:run", args=[runs[0].pk]),
        "apply": reverse("groups:apply", args=[runs[0].pk]),
        "own": reverse("groups:own"),
        "mine": address_of(seat.application),
        "office": reverse("groups:office"),
        "programmes": reverse("groups:programmes"),
        "plan": reverse("groups:plan"),
        "office-run": reverse("groups:office-run", args=[runs[0].pk]),
        "days": reverse("groups:days", args=[runs[0].pk]),
        "cancel": reverse("groups:cancellations", args=[runs[0].pk]),
        "companies": reverse("groups:companies", args=[runs[0].pk]),
        "booking": address_of_booking(booking),
    }
    counts = {name: queries_of(client, address) for name, address in pages.items()}

    frame = queries_of(client, reverse("ui:display"))
    assert {name: n - frame for name, n in counts.items() if n - frame > AT_MOST} == {}


def test_today_shows_the_next_meeting_and_what_is_to_decide(client: Client, enter: Enter) -> None:
    me = enter("coordinator")
    run = make.run(starts_on=make.A_DAY.date())
    make.participant(run, me)
    make.meeting(run)
    make.application(run)

    page = client.get("/").content.decode()

    assert "Monday, 2 March 2026, 17:30" in page
    assert "1 application for a group" in page
