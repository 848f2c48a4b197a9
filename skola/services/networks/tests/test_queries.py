"""The database finds the accepted texts that name an operator as the rule does."""

import pytest

from skola.ground.people.tests import make as people
from skola.ground.tenants.models import Tenant
from skola.services.billing.contracting import accept_contract, offer_contract
from skola.services.billing.tests import make as billing
from skola.services.networks.queries import accepted_naming
from skola.services.networks.rules import is_named

OPERATOR = "SIA Žirņu TĪKLS (A+B)"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Eksāmenus rīko sia žirņu\n\ntīkls (a+b).", True),
        ("Eksāmenus rīko «SIA Žirņu Tīkls (A+B)»", True),
        ("Eksāmenus rīko SIA Žirņu Tīkls (A+B)žu", False),
        ("Eksāmenus rīko SIA Žirņu Tīkls", False),
    ],
)
def test_an_operator_is_found_by_its_whole_name(tenant: Tenant, text: str, named: bool) -> None:
    person, now = people.person(), billing.A_DAY
    billing.known(person, at=now)
    offer = offer_contract(
        person, title="Exam", text=text, starts_on=now.date(), ends_on=None, by="t", now=now
    )
    assert not accepted_naming(OPERATOR).exists()

    accept_contract(offer, by="customer", now=now)

    assert accepted_naming(OPERATOR).exists() is is_named(OPERATOR, text) is named
