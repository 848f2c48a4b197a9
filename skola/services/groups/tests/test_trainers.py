from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from skola.ground import clock
from skola.ground.people.models import Person, Role
from skola.ground.people.tests.make import account, person
from skola.services.groups import actions, trainers
from skola.services.groups.models import Cooperation, Disclosure
from skola.services.groups.rules import Unfit
from skola.services.groups.tests import make
from skola.services.groups.tests.make import A_DAY, RIGA

pytestmark = [pytest.mark.usefixtures("tenant", "stand"), pytest.mark.tenant("kic")]

Enter = Callable[..., Person]


def test_who_works_here_needs_no_cooperation_contract() -> None:
    run, author = make.run(), person()
    Role.objects.create(person=author, kind="author", starts_at=A_DAY)

    role = trainers.let_in(run, author, zone=RIGA, by="office", now=A_DAY)

    assert role.ends_at == clock.last_second(run.ends_on, RIGA)
    assert trainers.let_in(run, author, zone=RIGA, by="office", now=A_DAY) == role


@pytest.mark.parametrize(
    ("verdict", "at", "why"),
    [
        (None, A_DAY, Unfit.NO_CONTRACT),
        ("", A_DAY, Unfit.NOT_EVALUATED),
        ("unfit", A_DAY, Unfit.EVALUATED_UNFIT),
        ("fit", A_DAY + timedelta(days=366), Unfit.EVALUATION_OLD),
        ("fit", A_DAY + timedelta(days=401), Unfit.NO_CONTRACT),
    ],
)
def test_a_partner_is_let_in_with_a_contract_and_a_good_evaluation_only(
    verdict: str | None, at: object, why: Unfit
) -> None:
    run, who = make.run(), person()
    if verdict is not None:
        make.cooperation(who, days=400, verdict=verdict)

    with pytest.raises(trainers.UnfitError) as refused:
        trainers.let_in(run, who, zone=RIGA, by="office", now=at)  # type: ignore[arg-type]

    assert refused.value.why is why
    assert not Role.objects.exists()


def test_the_access_follows_the_days_of_the_run_but_not_beyond_the_contract() -> None:
    run, who = make.run(), person()
    make.trainer(run, who, days=50)
    role = Role.objects.get()
    assert role.ends_at == clock.last_second(run.ends_on, RIGA)

    for ends_on, last in ((date(2026, 4, 17), date(2026, 4, 17)), (date(2026, 6, 1), None)):
        facts = actions.RunFacts(run.code, "Rīga", run.starts_on, ends_on, run.apply_until, 5)
        actions.change_run(run, facts, zone=RIGA, by="office", now=A_DAY)
        role.refresh_from_db()
        contract_ends = A_DAY.date() + timedelta(days=50)
        assert role.ends_at == clock.last_second(last or contract_ends, RIGA)


def test_ending_the_contract_or_finding_the_partner_unfit_ends_access_at_once() -> None:
    run, first, second = make.run(), person(), person()
    ended, unfit = make.trainer(run, first), make.trainer(run, second)

    trainers.end_cooperation(ended, by="office", now=A_DAY)
    trainers.end_cooperation(ended, by="office", now=A_DAY + timedelta(days=1))
    trainers.evaluate(
        unfit,
        verdict="unfit",
        findings="x",
        again_on=date(2027, 1, 1),
        today=A_DAY.date(),
        by="office",
        now=A_DAY,
    )

    assert not Role.objects.held_at(A_DAY).exists()
    assert Cooperation.objects.get(ended_at__isnull=False).ended_at == A_DAY


def test_a_contract_ends_with_its_last_day_however_late_the_worker_comes() -> None:
    make.cooperation(person(), days=10)
    make.cooperation(person(), days=90)

    late = A_DAY + timedelta(days=40)
    assert trainers.end_cooperations_that_are_over(zone=RIGA, by="job", now=late) == 1
    assert trainers.end_cooperations_that_are_over(zone=RIGA, by="job", now=late) == 0

    ended = Cooperation.objects.exclude(ended_at=None).get()
    assert ended.ended_at == clock.last_second(date(2026, 3, 12), RIGA)


def test_a_coordinator_records_evaluates_lets_in_and_ends(client: Client, enter: Enter) -> None:
    enter("coordinator")
    run, trainer = make.run(), account(email="juris@example.org")
    told = {
        "person": "Juris@example.org",
        "partner": "SIA Prasme",
        "reference": "C-7",
        "starts_on": "2026-03-01",
        "ends_on": "2026-12-31",
    }
    partners = reverse("groups:partners")
    assert client.post(partners, told | {"person": "nobody@example.org"}).status_code == 422
    assert client.post(partners, told | {"ends_on": "2026-02-01"}).status_code == 422
    page = client.post(partners, told)["Location"]
    letting = reverse("groups:trainers", args=[run.pk])
    assert client.post(letting, {"person": "juris@example.org"}).status_code == 409
    judged = {"verdict": "fit", "findings": "References.", "again_on": "2027-01-01"}
    assert client.post(page, judged | {"again_on": "2026-01-01"}).status_code == 422
    assert client.post(page, judged).status_code == 302

    assert client.post(letting, {"person": "juris@example.org"}).status_code == 302

    role = Role.objects.get(person=trainer.person)
    assert "sees the group" in client.get(letting).content.decode()
    ending = reverse("groups:trainer-endings", args=[run.pk, role.pk])
    assert client.post(ending).status_code == 302
    assert client.post(ending).status_code == 404
    assert "SIA Prasme" in client.get(partners).content.decode()
    assert (
        client.post(reverse("groups:partner-endings", args=[page.split("/")[-2]])).status_code
        == 302
    )
    assert "ended" in client.get(page).content.decode()


def test_who_works_here_gets_nothing_disclosed(client: Client, enter: Enter) -> None:
    seat = make.participant()
    me = enter("author")
    trainers.let_in(seat.run, me, zone=RIGA, by="office", now=A_DAY)

    assert client.get(reverse("groups:taught", args=[seat.run_id])).status_code == 200
    assert client.post(reverse("groups:list", args=[seat.run_id])).status_code == 200

    assert not Disclosure.objects.exists()


def test_a_list_is_no_formula(client: Client, enter: Enter) -> None:
    seat = make.participant(family_name="Ozols")
    Person.objects.filter(pk=seat.person_id).update(given_name="=1+1")
    make.trainer(seat.run, enter())

    got = client.post(reverse("groups:list", args=[seat.run_id])).content.decode()

    assert "'=1+1 Ozols,ozols@example.org,0" in got


@pytest.mark.parametrize("count", [1, 20])
def test_a_trainers_pages_ask_the_database_as_often_for_twenty_as_for_one(
    client: Client, enter: Enter, count: int
) -> None:
    me = enter()
    run = make.run(seats=50, starts_on=A_DAY.date())
    make.trainer(run, me)
    for n in range(count):
        make.participant(run, family_name=f"A{n}")
        meeting = make.meeting(run, A_DAY.date() + timedelta(days=n))
    for name, key in (("taught", run.pk), ("meeting", meeting.pk)):
        client.get(reverse(f"groups:{name}", args=[key]))

    def asked(address: str) -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        return len(found)

    frame = asked(reverse("ui:display"))
    pages = {
        "teaching": reverse("groups:teaching"),
        "taught": reverse("groups:taught", args=[run.pk]),
        "meeting": reverse("groups:meeting", args=[meeting.pk]),
        "wall": reverse("groups:wall", args=[meeting.pk]),
    }
    counts = {name: asked(address) - frame for name, address in pages.items()}
    assert {name: n for name, n in counts.items() if n > 8} == {}
