"""eKool: each kind of data has a number in the policy, and is gone on the day that it gives."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db.models import QuerySet

from skola.__main__ import main
from skola.ground import clock
from skola.ground.people.models import SecurityEvent
from skola.ground.people.tests import make as people
from skola.ground.tenants.models import Tenant
from skola.promises.consents.api import withdraw
from skola.promises.consents.tests import make as consents
from skola.promises.decisions.tests import make as decisions
from skola.promises.inventory.api import categories_held
from skola.promises.policy.api import in_force
from skola.promises.retention.api import sweep
from skola.promises.rights.models import RightsRequest
from skola.services.billing.api import end_contract
from skola.services.billing.models import Contract
from skola.services.billing.tests import make as billing
from skola.services.campaigns.models import Delivery, Reaction
from skola.services.campaigns.tests import make as campaigns
from skola.services.community.tests import make as community
from skola.services.courses.tests import make as courses
from skola.services.desk.actions import close
from skola.services.desk.tests import make as desk
from skola.services.diary.models import Look
from skola.services.diary.tests import make as diary
from skola.services.messages.tests import make as messages
from skola.services.school.actions import leave_class
from skola.services.school.tests import make as schools
from skola.services.surveys.tests import make as surveys
from skola.services.undertakings.tests import make as undertakings
from skola.services.visits.tests import make as visits
from tests.promises.asking import ask, decide
from tests.promises.editing import terms_without_a_number
from tests.promises.keeping import keeps
from tests.promises.people import browser, customer, log_in, working

pytestmark = pytest.mark.tenant("ekool")
TALLINN = ZoneInfo("Europe/Tallinn")
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""When everything below is made or ends."""
A_SECOND = timedelta(seconds=1)
Rows = QuerySet[Any]


def rows(*made: Any) -> Rows:
    """These records, looked for anew."""
    found: Rows = type(made[0])._default_manager.filter(pk__in=[one.pk for one in made])
    return found


def an_account(tenant: Tenant) -> Rows:
    """Somebody who opened an account and did nothing since; what is left of them has a name."""
    return rows(people.account(created_at=AT).person).exclude(given_name="", email="")


def a_mark(tenant: Tenant) -> Rows:
    """A mark of a pupil who leaves on the same day; the school year ends on 31 August."""
    world = diary.world()
    made = diary.mark(world, world.pupil)
    leave_class(world.pupil, on=AT.date(), by="school", now=AT)
    return rows(made)


def a_message(tenant: Tenant) -> Rows:
    return rows(messages.message(people.person(), people.person(), at=AT))


def a_post(tenant: Tenant) -> Rows:
    return rows(community.post(community.feed(schools.school()), people.person(), at=AT))


def a_contract(tenant: Tenant) -> Rows:
    """A contract that ends on the day of its beginning."""
    made = billing.contract(at=AT)
    end_contract(made, ending=Contract.Ending.STAFF, by="office", now=AT)
    return rows(made)


def an_invoice(tenant: Tenant) -> Rows:
    return rows(billing.invoice(people.person(), at=AT))


def an_assessment(tenant: Tenant) -> Rows:
    return rows(decisions.decision(people.person(), at=AT))


def an_enquiry(tenant: Tenant) -> Rows:
    """An enquiry that was answered at once."""
    made = desk.enquiry(at=AT)
    close(made, ending="answered", by="support", now=AT)
    return rows(made)


def a_request(tenant: Tenant) -> Rows:
    """A request that was answered at once."""
    who = browser(tenant)
    assert log_in(who, customer().email)
    asked = ask(who, "rectification")
    assert decide(working(tenant, "officer"), asked, "granted") == 302
    return RightsRequest.objects.filter(pk=asked.pk)


def a_survey(tenant: Tenant) -> Rows:
    return rows(surveys.invitation(course=courses.course(), at=AT))


def a_habit(tenant: Tenant) -> Rows:
    return rows(visits.interest(people.account().person, at=AT))


def a_consent(tenant: Tenant) -> Rows:
    """A consent that is withdrawn on the day on which it was given."""
    who = people.account().person
    made = consents.consent(who, "marketing.own", scope="email", at=AT)
    withdraw(who, "marketing.own", channel="account", by="person", now=AT)
    return rows(made)


def a_visit(tenant: Tenant) -> Rows:
    """A page in the record of somebody who agreed to that, and does not withdraw it."""
    who = people.account().person
    consents.consent(who, "usage.visits", at=AT)
    return rows(visits.page_read(who, at=AT))


def a_reaction(tenant: Tenant) -> Rows:
    """An offer that was opened by somebody who agreed to that, and does not withdraw it."""
    who = people.account().person
    consents.consent(who, "marketing.own", scope="email", at=AT)
    consents.consent(who, "messages.tracking", at=AT)
    offer = campaigns.campaign("offers", at=AT)
    told = {"title": offer.subject, "channel": "email", "ground": "marketing.own"}
    sent = Delivery.objects.create(campaign=offer, person=who, queued_at=AT, **told)
    return rows(Reaction.objects.create(delivery=sent, kind=Reaction.Kind.OPENED, first_at=AT))


def an_undertaking(tenant: Tenant) -> Rows:
    return rows(undertakings.undertaking(people.account().person, at=AT))


def a_sign_in(tenant: Tenant) -> Rows:
    who = people.account().person
    return rows(SecurityEvent.objects.create(person=who, kind="signed-in", at=AT))


def a_look(tenant: Tenant) -> Rows:
    """A teacher opened the page of a pupil."""
    pupil, reader = people.person(), people.person()
    told = {"what": Look.What.CARD, "on": AT.date(), "last_at": AT}
    return rows(Look.objects.create(person=pupil, reader=reader, **told))


KINDS: dict[str, tuple[Callable[[Tenant], Rows], date]] = {
    "account": (an_account, date(2029, 3, 3)),
    "study": (a_mark, date(2031, 9, 1)),
    "messages": (a_message, date(2028, 3, 3)),
    "posts": (a_post, date(2028, 3, 3)),
    "contracts": (a_contract, date(2029, 3, 3)),
    "invoices": (an_invoice, date(2034, 1, 1)),
    "risk": (an_assessment, date(2027, 3, 3)),
    "enquiries": (an_enquiry, date(2026, 9, 3)),
    "requests": (a_request, date(2029, 3, 3)),
    "surveys": (a_survey, date(2027, 3, 3)),
    "habits": (a_habit, date(2027, 3, 3)),
    "consents": (a_consent, date(2031, 3, 3)),
    "visits": (a_visit, date(2026, 9, 3)),
    "reactions": (a_reaction, date(2026, 9, 3)),
    "undertakings": (an_undertaking, date(2036, 3, 3)),
    "security": (a_sign_in, date(2027, 3, 3)),
    "audit": (a_look, date(2028, 3, 3)),
}
"""Of each retention rule a record, and the first day without it."""


def test_there_is_a_record_for_each_rule_of_the_policy(tenant: Tenant) -> None:
    """But of one kind: what somebody owes is read from invoices, and stored nowhere."""
    held = categories_held()
    rules = in_force(AT).policy.retention
    assert {rule.id for rule in rules} - KINDS.keys() == {"debts"}
    assert KINDS.keys() <= {rule.id for rule in rules}
    assert {rule.id for rule in rules if not held.keys() & rule.categories} == {"debts"}


@keeps("ekool-7.5")
@pytest.mark.parametrize("rule", KINDS)
def test_each_kind_is_gone_on_its_day_and_no_second_before(tenant: Tenant, rule: str) -> None:
    make, day = KINDS[rule]
    ends = datetime.combine(day, time(), TALLINN)
    with clock.standing_at(AT):
        left = make(tenant)
        assert left.count() == 1
    with clock.standing_at(ends - A_SECOND):
        sweep(now=ends - A_SECOND)
        assert left.count() == 1
        sweep(now=ends)
        assert left.count() == 0, "not hidden by its date, but gone"


@keeps("ekool-7.5")
def test_a_policy_in_which_a_kind_has_no_number_does_not_pass_the_check(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = dict(terms_without_a_number("ekool"))
    assert found.keys() == KINDS.keys() | {"debts"}
    for rule, without in found.items():
        file = tmp_path / "without.toml"
        file.write_text(without, encoding="utf-8")
        assert main(["policy", "check", str(file)]) == 2, rule
        assert "is missing" in capsys.readouterr().out
