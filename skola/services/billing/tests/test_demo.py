from datetime import datetime, timedelta
from random import Random

import pytest
from django.db.models import F

from skola.ground.people.tests.make import person, role
from skola.promises.retention.api import sweep
from skola.services.billing import demo
from skola.services.billing.models import Contract, Invoice, InvoiceLine, Numbers, Payment

pytestmark = pytest.mark.usefixtures("tenant")


@pytest.mark.parametrize(
    "slug",
    [
        pytest.param(slug, marks=pytest.mark.tenant(slug))
        for slug in ("ilearn", "kic", "learnifier", "ekool")
    ],
)
def test_the_demo_has_books_in_order_and_old_invoices_to_let_go(slug: str, now: datetime) -> None:
    people = [person(given_name=f"Ilze {n}", language="lv") for n in range(40)]
    role(people[-1], "finance")
    demo.populate(slug, people, Random(1), now)

    count = Invoice.objects.count()
    numbers = list(Invoice.objects.order_by("issued_at").values_list("number", flat=True))
    assert numbers == list(range(1, count + 1))
    assert Numbers.objects.get().last == count
    assert InvoiceLine.objects.count() == count
    assert Invoice.objects.filter(issued_at__gt=now).count() == 0
    unpaid = Invoice.objects.with_balance().filter(total_cents__gt=F("paid_cents"))
    assert 0 < unpaid.count() < count
    assert Payment.objects.count() > 0
    assert Contract.objects.running().exists()
    assert Contract.objects.filter(accepted_at=None, closed_at=None).count() == 3

    sweep(now=now)
    gone = count - Invoice.objects.count()
    assert gone in (1, demo.IMPORTED), "one a night, or all at the end of the financial year"
    sweep(now=now + timedelta(days=demo.IMPORTED))
    assert count - Invoice.objects.count() == demo.IMPORTED
    assert InvoiceLine.objects.count() == Invoice.objects.count()


@pytest.mark.tenant("ema")
def test_where_the_policy_covers_no_invoices_the_demo_makes_none(now: datetime) -> None:
    demo.populate("ema", [person() for _ in range(5)], Random(1), now)

    assert Contract.objects.exists()
    assert not Invoice.objects.exists()
