"""What pages say about licences and orders: a word and a shape for each state."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from skola.ground.ui import formats
from skola.services.licences.actions import NoSeatLeftError
from skola.services.licences.models import Licence
from skola.services.licences.rules import LicenceState, OrderState

KINDS = {
    LicenceState.AHEAD: "waiting",
    LicenceState.RUNNING: "ok",
    LicenceState.OVER: "neutral",
    OrderState.ORDERED: "waiting",
    OrderState.FULFILLED: "ok",
    OrderState.WITHDRAWN: "neutral",
}


def order_word(state: OrderState) -> str:
    """Return how an order stands, in a word."""
    words = {
        OrderState.ORDERED: _("waits for payment"),
        OrderState.FULFILLED: _("fulfilled"),
        OrderState.WITHDRAWN: _("withdrawn"),
    }
    return words[state]


def licence_word(licence: Licence, state: LicenceState) -> str:
    """Return how a licence stands, with its day."""
    words = {
        LicenceState.AHEAD: _("from %(first)s"),
        LicenceState.RUNNING: _("until %(end)s"),
        LicenceState.OVER: _("ended on %(end)s"),
    }
    first, end = formats.short_day(licence.starts_on), formats.short_day(licence.ends_on)
    return words[state] % {"first": first, "end": end}


def no_seat(problem: NoSeatLeftError) -> str:
    """Return that there are too few seats, and how many there are."""
    words = ngettext(
        "%(left)s seat is left, and %(wanted)s were wanted. Nobody got one.",
        "%(left)s seats are left, and %(wanted)s were wanted. Nobody got one.",
        problem.left,
    )
    return words % {"left": problem.left, "wanted": problem.wanted}
