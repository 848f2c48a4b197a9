"""How long: people act, time passes, the sweep runs, and somebody looks what is left."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache

from skola.__main__ import main
from skola.ground import clock
from skola.ground.people.models import Account, Person
from skola.ground.people.tests import make
from skola.ground.tenants.models import Tenant
from skola.promises.retention.api import place_hold, record_state, release_hold, sweep
from skola.services.billing.api import end_contract
from skola.services.billing.models import Contract, Invoice
from skola.services.billing.tests import make as billing
from skola.services.courses.models import Enrolment
from skola.services.courses.tests import make as courses
from skola.services.desk.actions import close
from skola.services.desk.models import Enquiry
from skola.services.desk.tests import make as desk
from tests.promises.editing import terms_without_a_number
from tests.promises.keeping import keeps
from tests.promises.people import browser, log_in, sign_up

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
A_DAY = timedelta(days=1)
A_SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def no_limits_left(tenant: Tenant) -> None:
    """Rate limits of an earlier test are gone."""
    cache.clear()


def midnight(year: int, month: int, day: int, zone: str) -> datetime:
    """The first moment of a day in ``zone``, as UTC."""
    return datetime(year, month, day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def signed_up(tenant: Tenant) -> Person:
    """Somebody who opened an account on the first day, with nothing done since."""
    with clock.standing_at(START):
        person = sign_up(browser(tenant), born="1990-05-01")
    assert person is not None
    return person


def can_sign_in(tenant: Tenant, person: Person, at: datetime) -> bool:
    cache.clear()
    with clock.standing_at(at):
        return log_in(browser(tenant), person.email, "nobody guesses this one")


def names_left() -> set[str]:
    """The names of all people of whom a name is left."""
    return {person.name for person in Person.objects.all() if person.name}


@keeps("ilearn-20.i")
def test_an_account_nobody_uses_is_gone_after_a_year(tenant: Tenant) -> None:
    person = signed_up(tenant)
    with clock.standing_at(START):
        courses.enrolment(courses.course(), person)
    ends = midnight(2027, 3, 3, "Europe/Riga")

    sweep(now=ends - A_DAY)  # 364 days later
    assert can_sign_in(tenant, person, ends - A_DAY)

    again = midnight(2028, 3, 3, "Europe/Riga")  # that login moved the end by 364 days
    sweep(now=again)
    assert "Anna Bērziņa" not in names_left()
    assert not Account.objects.filter(email=person.email).exists()
    assert not Enrolment.objects.filter(person=person).exists()
    assert not can_sign_in(tenant, person, again)


@keeps("ilearn-20.i")
def test_without_any_act_the_year_ends_on_its_day(tenant: Tenant) -> None:
    person = signed_up(tenant)
    ends = midnight(2027, 3, 3, "Europe/Riga")

    sweep(now=ends - A_SECOND)
    assert "Anna Bērziņa" in names_left()
    sweep(now=ends)
    assert "Anna Bērziņa" not in names_left()
    assert not Person.objects.filter(email=person.email).exists()


@keeps("ilearn-20.i")
def test_a_login_on_day_300_restarts_the_year(tenant: Tenant) -> None:
    person = signed_up(tenant)
    assert can_sign_in(tenant, person, START + 300 * A_DAY)

    sweep(now=midnight(2027, 3, 3, "Europe/Riga"))
    assert "Anna Bērziņa" in names_left()
    restarted = midnight(2027, 12, 28, "Europe/Riga")
    sweep(now=restarted - A_SECOND)
    assert "Anna Bērziņa" in names_left()
    sweep(now=restarted)
    assert "Anna Bērziņa" not in names_left()


@keeps("ilearn-20.i")
def test_of_a_customer_with_an_invoice_only_the_invoice_remains(tenant: Tenant) -> None:
    person = signed_up(tenant)
    billing.invoice(person, at=START)

    sweep(now=midnight(2027, 3, 3, "Europe/Riga"))

    assert "Anna Bērziņa" not in names_left()
    assert not Account.objects.filter(email=person.email).exists()
    assert Invoice.objects.count() == 1


def test_a_record_with_an_open_objection_outlives_its_term(tenant: Tenant) -> None:
    person = make.person()
    contract = billing.contract(person, at=START)
    end_contract(contract, ending=Contract.Ending.STAFF, by="office", now=START + A_DAY)
    record_state(person.pk, "objection.open", is_open=True, at=START)
    late = START + timedelta(days=3 * 365)

    sweep(now=late)
    assert Contract.objects.filter(pk=contract.pk).exists()

    record_state(person.pk, "objection.open", is_open=False, at=late)
    sweep(now=late + timedelta(days=2 * 365))
    assert not Contract.objects.filter(pk=contract.pk).exists()


def test_records_of_an_open_claim_survive_their_day_and_go_when_it_is_closed(
    tenant: Tenant,
) -> None:
    person = signed_up(tenant)
    billing.invoice(person, at=START)
    day = midnight(2031, 3, 3, "Europe/Riga")
    hold = place_hold(reason="claim 12/2030", person_id=person.pk, by="officer", now=day - A_DAY)

    sweep(now=day + 30 * A_DAY)
    assert Invoice.objects.count() == 1

    release_hold(hold, by="officer", now=day + 30 * A_DAY)
    sweep(now=day + 30 * A_DAY)
    assert Invoice.objects.count() == 0


@pytest.mark.tenant("ema")
def test_ten_years_after_the_last_act_of_a_visitor_the_data_are_gone(tenant: Tenant) -> None:
    signed_up(tenant)
    ends = midnight(2036, 3, 3, "Europe/Vilnius")

    sweep(now=ends - A_DAY)
    assert "Anna Bērziņa" in names_left()
    sweep(now=ends)
    assert "Anna Bērziņa" not in names_left()


@pytest.mark.tenant("ema")
def test_a_login_in_the_ninth_year_moves_the_date(tenant: Tenant) -> None:
    person = signed_up(tenant)
    assert can_sign_in(tenant, person, datetime(2034, 6, 1, 9, 0, tzinfo=UTC))

    sweep(now=midnight(2036, 3, 3, "Europe/Vilnius"))
    assert "Anna Bērziņa" in names_left()
    moved = midnight(2044, 6, 2, "Europe/Vilnius")
    sweep(now=moved - A_SECOND)
    assert "Anna Bērziņa" in names_left()
    sweep(now=moved)
    assert "Anna Bērziņa" not in names_left()


@pytest.mark.tenant("kic")
@keeps("kic-retention-client")
def test_while_somebody_is_a_client_the_data_stay_and_its_end_starts_the_clocks(
    tenant: Tenant,
) -> None:
    person = signed_up(tenant)
    contract = billing.contract(person, at=START)
    years_later = START + timedelta(days=6 * 365)

    sweep(now=years_later)
    assert "Anna Bērziņa" in names_left()

    end_contract(contract, ending=Contract.Ending.STAFF, by="office", now=years_later)
    sweep(now=years_later + timedelta(days=364))
    assert "Anna Bērziņa" in names_left()
    sweep(now=years_later + timedelta(days=4 * 365))
    assert "Anna Bērziņa" not in names_left()
    assert not Contract.objects.exists()


@pytest.mark.tenant("kic")
@keeps("kic-retention-after")
def test_after_the_client_each_kind_goes_on_its_own_day_and_none_lacks_its_number(
    tenant: Tenant, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    person = signed_up(tenant)
    contract = billing.contract(person, at=START)
    billing.invoice(person, at=START)
    courses.enrolment(courses.course(), person)
    asked = desk.enquiry(person=person, at=START)
    close(asked, ending="answered", by="support", now=START)
    ended = datetime(2027, 3, 2, 9, 0, tzinfo=UTC)
    end_contract(contract, ending=Contract.Ending.STAFF, by="office", now=ended)
    kinds = {Enquiry: 2028, Enrolment: 2029, Contract: 2030, Invoice: 2031}
    for kind, year in kinds.items():
        day = midnight(year, 3, 3, "Europe/Riga")
        sweep(now=day - A_SECOND)
        assert kind._default_manager.exists(), kind
        sweep(now=day)
        assert not kind._default_manager.exists(), kind

    numbers = 0
    for rule, without in terms_without_a_number("kic"):
        file = tmp_path / "without.toml"
        file.write_text(without, encoding="utf-8")
        assert main(["policy", "check", str(file)]) == 2, rule
        assert "is missing" in capsys.readouterr().out
        numbers += 1
    assert numbers >= 10
