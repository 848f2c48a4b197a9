"""A school's contract comes before the principles, and a page says what each rule is from."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from skola.ground import clock
from skola.ground.people.models import Account
from skola.ground.people.tests import make as people
from skola.ground.tenants.api import Tenant
from skola.promises.retention.api import sweep
from skola.services.customers.models import Subscription
from skola.services.customers.tests import make as customers
from skola.services.school import actions
from skola.services.school.models import Pupil, School
from skola.services.school.tests import make as schools
from tests.promises.keeping import keeps
from tests.promises.people import browser

pytestmark = pytest.mark.tenant("ekool")
NOW = schools.A_DAY + timedelta(hours=3)
A_SECOND = timedelta(seconds=1)
LAST_DAY = datetime(2026, 8, 31, 12, 0, tzinfo=schools.TALLINN)
CONTRACTS_END = datetime(2028, 9, 1, tzinfo=schools.TALLINN)
"""The midnight after two years from the end of the school year."""
POLICYS_END = datetime(2031, 9, 1, tzinfo=schools.TALLINN)
"""That after five."""


def words(page: str) -> str:
    main = page[page.index("<main") : page.index("</main>")]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def entering(tenant: Tenant, account: Account) -> Client:
    made = browser(tenant)
    made.force_login(account)
    return made


def head_of(where: School) -> Account:
    account = people.account()
    actions.name_administrator(where, account.person, by="staff", now=schools.A_DAY)
    return account


def ordered(head: Client, where: School) -> Subscription:
    """The school concludes a contract about a service."""
    sold = customers.service(audience="school", at=schools.A_DAY)
    told = {"school": str(where.pk), "sure": "on"}
    assert head.post(reverse("customers:orders", args=[sold.pk]), told).status_code == 302
    return Subscription.objects.get(school=where)


@keeps("ekool-1.8")
def test_a_term_of_a_schools_contract_wins_and_the_page_names_the_contract(tenant: Tenant) -> None:
    with clock.standing_at(NOW):
        classes = [schools.school_class(schools.school(name), pupils=1) for name in ("Oru", "Mäe")]
        with_contract, without = [one.year.school for one in classes]
        heads = [head_of(one) for one in (with_contract, without)]
        here, there = [entering(tenant, one) for one in heads]
        contract = ordered(here, with_contract)
        page = reverse("customers:one", args=[contract.pk])
        assert "study data are kept as the principles say" in words(here.get(page).content.decode())

        terms = reverse("customers:terms", args=[contract.pk])
        for amount, unit in (("11", "month"), ("11", "year")):
            refused = here.post(terms, {"amount": amount, "unit": unit})
            assert refused.status_code == 422, "the policy lets a contract say 1 year to 10 years"
        assert there.post(terms, {"amount": "2", "unit": "year"}).status_code == 404
        assert here.post(terms, {"amount": "2", "unit": "year"}).status_code == 302
        assert "2 years after the end of a school year" in words(here.get(page).content.decode())

        name = f"Contract “{contract.service.name}” of 2"
        rules = reverse("school:principles", args=[with_contract.pk])
        said = words(here.get(rules).content.decode())
        assert (
            f"At most 2 years after the end of the school year; then they are erased. {name}"
            in (said.replace("For 2025/26 and school years entered from now on. ", ""))
        )
        assert "At most 5 years after the latest of these" in said
        assert "The contract says something else. Principles of 2019-09-01" in said
        assert "Law: Accounting Act of Estonia" in said
        assert there.get(rules).status_code == 404, "another school's"
        others = words(there.get(reverse("school:principles", args=[without.pk])).content.decode())
        assert "Contract “" not in others
        assert "At most 5 years after the latest of these" in others
        assert "Principles of 2019-09-01" in others

    with clock.standing_at(LAST_DAY):
        for head, one in zip(heads, classes, strict=True):
            leaving = reverse("school:pupil-leavings", args=[one.pupils.get().pk])
            told = {"on": LAST_DAY.date().isoformat()}
            assert entering(tenant, head).post(leaving, told).status_code == 302
    for moment, left in (
        (CONTRACTS_END - A_SECOND, ["Mäe", "Oru"]),
        (CONTRACTS_END, ["Mäe"]),
        (POLICYS_END - A_SECOND, ["Mäe"]),
        (POLICYS_END, []),
    ):
        sweep(now=moment)
        schools_left = Pupil.objects.values_list("school_class__year__school__name", flat=True)
        assert sorted(schools_left) == left, moment
