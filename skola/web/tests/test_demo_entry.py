"""Entering the demo as one of its people."""

import pytest
from django.test import Client

from skola.ground.people.tests import make
from skola.ground.tenants.api import Tenant
from skola.web.demo.people import address_of
from skola.web.demo.tenants import SERVICES


def test_who_enters_as_somebody_sees_this_session_in_their_account(
    client: Client, tenant: Tenant
) -> None:
    service = next(one for one in SERVICES if one.slug == tenant.slug)
    chosen = make.account(email=address_of(service.personas[0]))

    client.post("/demo/visits/", {"account": str(chosen.pk)})

    assert b"this one" in client.get("/account/sessions/").content


@pytest.mark.parametrize("told", ["", "somebody", "00000000-0000-0000-0000-000000000001"])
def test_nobody_is_entered_as_who_is_not_there(client: Client, tenant: Tenant, told: str) -> None:
    assert client.post("/demo/visits/", {"account": told}).status_code == 404
    assert "_auth_user_id" not in client.session
