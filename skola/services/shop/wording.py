"""How an order stands, as pages say it."""

from django.utils.translation import pgettext

from skola.services.shop.rules import OrderState

KINDS = {
    OrderState.TO_CONCLUDE: "waiting",
    OrderState.TO_PAY: "waiting",
    OrderState.OPEN: "ok",
    OrderState.PAID: "ok",
    OrderState.CANCELLED: "neutral",
    OrderState.REFUNDED: "neutral",
}


def order_word(state: OrderState) -> str:
    """Return the word for how an order stands."""
    return {
        OrderState.TO_CONCLUDE: pgettext("order", "to be concluded"),
        OrderState.TO_PAY: pgettext("order", "to pay"),
        OrderState.OPEN: pgettext("order", "open, to be paid by invoice"),
        OrderState.PAID: pgettext("order", "paid"),
        OrderState.CANCELLED: pgettext("order", "cancelled"),
        OrderState.REFUNDED: pgettext("order", "ended, paid back"),
    }[state]
