"""A service that goes over passes the gate: the buyer is in the register, everybody has a line."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from skola.ground import clock
from skola.ground.people.models import Mail
from skola.ground.people.tests import make as people
from skola.ground.tenants.api import Tenant
from skola.promises.disclosures.api import (
    Corrected,
    Party,
    Standing,
    Telling,
    admit,
    in_register,
    pass_whole,
    tell_receivers,
)
from skola.promises.disclosures.models import Disclosure
from skola.promises.handover import actions, moving, queries
from skola.promises.handover.models import Handover
from skola.promises.handover.sealing import own_keys
from skola.promises.handover.tests import make
from skola.services.academies.actions.ending import close_academy
from skola.services.academies.tests import make as academies
from tests.promises.editing import real
from tests.promises.people import customer, signed_in, working

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
A_DAY = timedelta(days=1)
PASSED = "/account/privacy/passed-on/"


def packed(told: Handover, file: Path) -> None:
    """The day has come: the service is closed and packed for another installation."""
    moving.close(told, by="test", now=told.goes_at)
    moving.pack_for(told, own_keys(), file, by="test", now=told.goes_at)


@pytest.mark.tenant("ema")
def test_the_lines_of_everybody_are_one_statement(tenant: Tenant) -> None:
    asked = []
    for size in (1, 3):
        told = make.announced(at=AT)
        for number in range(size):
            people.person(email=f"{size}-{number}@example.org")
        party = admit(told.name, country="EE", number="1", email="", by="test", now=AT)
        with CaptureQueriesContext(connection) as questions:
            written = pass_whole(
                party, without=(), reference="Sale", digest="a", once=told.pk, by="test", now=AT
            )
        assert written >= size
        asked.append(len(questions))
        actions.cancel(told, "No", by="test", now=AT)
    assert asked[0] == asked[1]
    assert {one.pk.version for one in Disclosure.objects.all()} == {7}


@pytest.mark.tenant("learnifier")
def test_an_archive_that_is_made_again_adds_no_line_and_who_has_it_is_asked_to_erase_it(
    tenant: Tenant, tmp_path: Path, settings: Any
) -> None:
    settings.DATA = tmp_path / "data"
    person = customer().person
    told = make.announced(at=AT)
    packed(told, tmp_path / "first")
    packed(told, tmp_path / "second")

    (party,) = Party.objects.all()
    (row,) = (one for one in in_register(told.goes_at) if one.party == party)
    assert (party.name, party.number, row.standing) == (told.name, told.reg_no, Standing.ACTIVE)
    assert Disclosure.objects.of(person.pk).count() == 1

    moving.reopen(told, by="test", now=told.goes_at)
    with clock.standing_at(told.goes_at + A_DAY):
        shown = signed_in(tenant, "ilze@example.org").get(PASSED, headers={"Accept-Language": "en"})
        in_latvian = signed_in(tenant, "ilze@example.org").get(
            PASSED, headers={"Accept-Language": "lv"}
        )
        ledger = working(tenant, "officer").get("/office/promises/disclosures/")
    assert "Everything that was held about you" in shown.content.decode()
    assert "Estonia" in shown.content.decode()
    assert "Igaunija" in in_latvian.content.decode()
    assert "everything that was held about them" in ledger.content.decode()
    right = Corrected("family_name", "Ozola", "Ozoliņa")
    asked = tell_receivers(
        person.pk,
        Telling.What.RECTIFICATION,
        case=told.pk,
        corrected=[right],
        by="test",
        now=told.goes_at,
    )
    assert [one.party for one in asked] == [party], "they hold a copy with the old name"

    letter = Mail.objects.filter(address=told.email).latest("created_at", "pk").text
    assert "Ozola" in letter
    assert "Ozoliņa" in letter

    actions.cancel(told, "No", by="test", now=told.goes_at)
    assert [one.what for one in Telling.objects.filter(case=party.pk)] == [Telling.What.END]


@pytest.mark.tenant("learnifier")
def test_a_platform_with_open_academies_is_not_closed(
    tenant: Tenant, tmp_path: Path, settings: Any
) -> None:
    settings.DATA, settings.POLICIES = tmp_path / "data", tmp_path / "policies"
    (settings.POLICIES / tenant.slug).mkdir(parents=True)
    shutil.copy(real(tenant.slug), settings.POLICIES / tenant.slug)
    academy = academies.founded().academy
    told = make.announced(at=AT)
    officer = working(tenant, "officer")

    with pytest.raises(actions.RefusedError, match=r"Bergslags akademi.*Data and end"):
        moving.close(told, by="test", now=told.goes_at)

    assert queries.current() is not None
    assert Tenant.objects.get(pk=tenant.pk).handed_over_at is None
    with clock.standing_at(AT):
        page = officer.get("/office/promises/handover/", headers={"Accept-Language": "en"})
    assert "1 academy of a client has to end first" in page.content.decode()
    assert "Bergslags akademi" in page.content.decode()

    close_academy(academy, now=told.goes_at)
    assert moving.close(told, by="test", now=told.goes_at)
