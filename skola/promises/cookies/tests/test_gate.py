"""The gate at the door of a tenant: forms from elsewhere, cookies nobody declared, the check."""

from datetime import datetime

import pytest
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from skola.ground.tenants.models import Tenant
from skola.promises.cookies import api
from skola.promises.cookies.http import CookieGate
from skola.promises.cookies.sealing import opened

ALL = {"choice": "all", "next": "/"}


def through_the_gate(tenant: Tenant, response: HttpResponse) -> HttpResponse:
    request: HttpRequest = RequestFactory().get("/", HTTP_HOST="ilearn.localhost")
    vars(request)["tenant"] = tenant
    CookieGate(lambda _request: response)(request)
    return response


def test_a_cookie_that_nobody_declared_is_taken_out_and_counted(
    tenant: Tenant, now: datetime
) -> None:
    cache.clear()
    assert api.examine(now=now) == []
    response = HttpResponse("x")
    response.set_cookie("surprise", "1")
    response.set_cookie("_ga", "1")
    response.set_cookie("sessionid", "1", max_age=60, domain="localhost")
    through_the_gate(tenant, response)
    assert set(response.cookies) == {"sessionid"}
    assert response.cookies["sessionid"]["max-age"] == ""
    assert response.cookies["sessionid"]["domain"] == ""
    assert api.refusals() == {"surprise": 1, "_ga": 1}
    assert {found.cookie for found in api.examine(now=now)} == {"surprise", "_ga"}
    cache.clear()


def test_a_tenant_without_a_policy_sets_nothing(other_tenant: Tenant) -> None:
    client = Client(HTTP_HOST="south-school.localhost", raise_request_exception=False)
    assert not client.post("/cookies/choices/", ALL).cookies


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
    ],
)
def test_no_other_site_chooses_for_the_visitor(client: Client, headers: dict[str, str]) -> None:
    answer = client.post("/cookies/choices/", ALL, headers=headers)
    assert answer.status_code == 403
    assert not answer.cookies


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""]
)
def test_a_choice_leads_to_a_page_of_this_host(client: Client, target: str) -> None:
    client.post("/cookies/choices/", ALL)
    answer = client.get("/cookies/kept/", {"next": target})
    assert answer.headers["Location"] == "/cookies/"


def test_global_privacy_control_is_said_and_recorded(client: Client) -> None:
    gpc = {"Sec-GPC": "1", "Accept-Language": "en"}
    assert b"asks that you are not followed" in client.get("/", headers=gpc).content
    cookie = client.post("/cookies/choices/", ALL, headers=gpc).cookies["view_cookie_policy"]
    chosen = opened(cookie.value)
    assert ".f." in chosen
    assert chosen.endswith(".g")


def test_only_the_right_methods(client: Client) -> None:
    assert client.get("/cookies/choices/").status_code == 405
    assert client.post("/cookies/").status_code in {403, 405}
