"""Rules, the job, pages with many rows, the demo."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from skola.ground import clock
from skola.ground.people.models import Account, Role
from skola.ground.people.tests import make as people
from skola.ground.tenants.models import Tenant
from skola.services.billing.models import Invoice
from skola.services.courses.tests import make as courses
from skola.services.shop import demo, rules
from skola.services.shop.actions.ordering import cancel_unpaid
from skola.services.shop.models import Document, Landing, Order, Refund
from skola.services.shop.tests import make

AT_MOST = 8


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("lv 4000-300.0000", ("LV", "40003000000")),
        ("SE556000000101", ("SE", "556000000101")),
        ("nonsense", None),
        ("LV", None),
        ("40003000000", None),
    ],
)
def test_vat_parts(written: str, parts: tuple[str, str] | None) -> None:
    assert rules.vat_parts(written) == parts


@given(st.integers(0, 10**7), st.sampled_from(["0.0", "12.0", "21.0", "25.0"]))
def test_a_price_with_tax_is_never_lower_and_never_a_cent_off(cents: int, percent: str) -> None:
    whole = rules.with_tax(cents, Decimal(percent))
    assert whole >= cents
    assert abs(Decimal(whole) - Decimal(cents) * (100 + Decimal(percent)) / 100) <= Decimal("0.5")


@pytest.mark.usefixtures("tenant")
def test_an_order_by_card_is_cancelled_after_a_day_and_no_earlier() -> None:
    order = make.order(people.person())
    later = make.order(people.person(), order.product, way="invoice")
    day = rules.PAY_BY_CARD_WITHIN
    second = timedelta(seconds=1)

    assert cancel_unpaid(by="job", now=make.A_DAY + day - second) == 0
    assert cancel_unpaid(by="job", now=make.A_DAY + day) == 1
    assert cancel_unpaid(by="job", now=make.A_DAY + 2 * day) == 0
    order.refresh_from_db()
    later.refresh_from_db()
    assert (order.state, later.state) == (rules.OrderState.CANCELLED, rules.OrderState.OPEN)
    assert Invoice.objects.get(kind="credit-note").credits == order.invoice


@pytest.mark.tenant("learnifier")
def test_the_lists_ask_as_much_for_three_orders_as_for_one(
    tenant: Tenant, client: Client, sign_in: Callable[[Account], Account], now: Any
) -> None:
    account = sign_in(people.account())
    Role.objects.create(person=account.person, kind="finance", starts_at=people.A_DAY)
    product = make.product()

    def asked() -> list[int]:
        counts = []
        for place in ("/shop/", "/shop/orders/", "/shop/office/", "/shop/office/offers/"):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert client.get(place).status_code == 200
            counts.append(sum('"shop_' in one["sql"] for one in queries))
        return counts

    with clock.standing_at(now):
        make.order(account.person, product)
        one = asked()
        for _more in range(2):
            order = make.order(account.person, product)
            Refund.objects.create(order=order, reason="Why.", asked_at=now)
        assert all(more <= first for first, more in zip(one, asked(), strict=True))
    assert max(one) <= AT_MOST


@pytest.mark.parametrize("slug", ["ilearn", "learnifier", "ema", "kic"])
def test_the_demo_has_orders_in_every_state_where_the_policy_has_orders(
    slug: str, request: pytest.FixtureRequest, now: Any
) -> None:
    request.node.add_marker(pytest.mark.tenant(slug))
    request.getfixturevalue("tenant")
    courses.course()
    demo.populate(slug, [people.person(email=f"{n}@example.org") for n in range(3)], Random(1), now)

    states = {one.state for one in Order.objects.all()}
    if slug == "kic":
        assert not Document.objects.exists()
    else:
        assert states == {rules.OrderState.PAID, rules.OrderState.TO_PAY}
        assert Refund.objects.open().count() == 1
        assert Landing.objects.get().is_public
