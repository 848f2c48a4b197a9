"""Makers of the catalogue for tests: plain functions with honest defaults."""

from datetime import datetime
from decimal import Decimal

from skola.ground.people.models import Person
from skola.services.customers import actions
from skola.services.customers.models import Service, Subscription
from skola.services.customers.rules import Step
from skola.services.school.models import School
from skola.services.school.tests.make import A_DAY

BY_SIZE = (Step(1, 300), Step(100, 240), Step(500, 200))


def service(
    function: str = "",
    *,
    audience: str = "family",
    steps: tuple[Step, ...] = (Step(1, 1_200),),
    months: int = 12,
    at: datetime = A_DAY,
) -> Service:
    """A service on offer: 12.00 a year for a family, unless it is said otherwise."""
    what = actions.Offered(
        audience=audience,
        name=f"{function or 'The diary'} for {audience}",
        about="You get **what is named**.",
        function=function,
        months=months,
        vat_percent=Decimal("24.0"),
        currency="EUR",
        steps=steps,
    )
    return actions.offer_service(what, by="office", now=at)


def subscription(
    what: Service, who: Person, *, school: School | None = None, at: datetime = A_DAY
) -> Subscription:
    """Somebody has ordered it."""
    return actions.order(what, who, school=school, by="customer", now=at)
