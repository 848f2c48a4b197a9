"""KIC: training groups from outside: external trainers, and what they get."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from skola.ground import clock
from skola.ground.audit.api import Entry
from skola.ground.people.models import Account, Role
from skola.ground.people.tests import make as people
from skola.services.groups.links import address_of
from skola.services.groups.tests import make
from tests.promises.keeping import keeps

pytestmark = [pytest.mark.usefixtures("tenant"), pytest.mark.tenant("kic")]

AT = make.A_DAY
SignIn = Callable[[Account], Account]


def at_the_door() -> Client:
    """Somebody else's browser."""
    return Client(HTTP_HOST="kic.localhost")


def midnight_after(day: object) -> datetime:
    """The first moment after a day in Riga."""
    return clock.last_second(day, make.RIGA) + timedelta(seconds=1)  # type: ignore[arg-type]


@keeps("kic-recipient-trainers")
@pytest.mark.parametrize("ends_first", ["group", "contract"])
def test_a_trainer_sees_the_own_group_until_it_or_the_contract_ends(
    client: Client, sign_in: SignIn, ends_first: str
) -> None:
    seat = make.participant(make.run())
    other = make.participant(make.run(), family_name="Liepa")
    trainer = sign_in(people.account()).person
    days = 300 if ends_first == "group" else 20
    contract = make.trainer(seat.run, trainer, days=days)
    last = seat.run.ends_on if ends_first == "group" else contract.ends_on
    own = reverse("groups:taught", args=[seat.run_id])
    taking = reverse("groups:list", args=[seat.run_id])

    with clock.standing_at(midnight_after(last) - timedelta(seconds=2)):
        page = client.get(own).content.decode()
        assert "Ozols" in page
        assert "ozols@example.org" in page
        assert client.get(reverse("groups:taught", args=[other.run_id])).status_code == 404
        assert client.post(reverse("groups:list", args=[other.run_id])).status_code == 404
        assert client.get(reverse("groups:office")).status_code == 404
        assert "Ozols" in client.post(taking).content.decode()
    entry = Entry.objects.get(kind="groups.list.given")
    assert (entry.detail["participants"], entry.clause) == (1, "kic-recipient-trainers")
    assert seat.application is not None
    mine = at_the_door().get(address_of(seat.application)).content.decode()
    assert "SIA Prasme, name, contact and attendance as a file" in mine
    assert "Cooperation contract C-7" in mine

    with clock.standing_at(midnight_after(last)):
        assert client.get(own).status_code == 404
        assert client.post(taking).status_code == 404
        assert client.get(reverse("groups:teaching")).status_code == 404


@keeps("kic-security-partners")
def test_a_partner_is_let_in_after_an_evaluation_and_evaluated_again(
    client: Client, sign_in: SignIn
) -> None:
    office = sign_in(people.account())
    people.role(office.person, "coordinator")
    run, trainer = make.run(), people.account(email="juris@example.org")
    contract = make.cooperation(trainer.person, verdict="")
    letting = reverse("groups:trainers", args=[run.pk])
    judging = reverse("groups:partner", args=[contract.pk])

    with clock.standing_at(AT):
        answer = client.post(letting, {"person": "juris@example.org"})
        assert answer.status_code == 409
        assert "not evaluated yet" in answer.content.decode()
        assert not Role.objects.filter(person=trainer.person).exists()
        judged = {"verdict": "fit", "findings": "References.", "again_on": "2026-03-10"}
        assert client.post(judging, judged).status_code == 302
        assert "SIA Prasme" not in client.get("/").content.decode()
        assert client.post(letting, {"person": "juris@example.org"}).status_code == 302

    assert Role.objects.filter(person=trainer.person, kind="instructor").exists()
    with clock.standing_at(AT + timedelta(days=9)):
        assert "SIA Prasme" in client.get("/").content.decode(), "a reminder to evaluate again"
        answer = client.post(
            reverse("groups:trainers", args=[make.run().pk]), {"person": "juris@example.org"}
        )
        assert answer.status_code == 409
