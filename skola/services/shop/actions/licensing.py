"""What a manager buys by card is a licence of the company (ema-11.2-stripe)."""

from datetime import datetime

from skola.services.licences.api import Wanted, fulfil
from skola.services.licences.api import order as order_seats
from skola.services.shop import queries
from skola.services.shop.models import Order


def give_licence(order: Order, *, by: str, now: datetime) -> None:
    """Let the licence run from today, with the seats that were bought; in the caller's lock."""
    if order.company is None or order.product is None or order.product.course is None:
        return
    wanted = Wanted(order.product.course, order.seats, order.months)
    made = order_seats(order.company, wanted, person=order.person, by=by, now=now)
    fulfil(made, reference=order.label, today=queries.today(now), by=by, now=now)
