"""What waits for the officer: unlisted processors, papers that run out, confirmations overdue."""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from skola.promises.disclosures import listing, queries
from skola.promises.disclosures.models import Demand, Telling
from skola.promises.policy.api import in_force

SOON = timedelta(days=30)
"""How long before a paper runs out its renewal is due (ekool-5.2.2)."""

Thing = tuple[str, str, str, str, bool]


def today(*, now: datetime) -> list[Thing]:
    """Return what needs somebody: title, words, address, button, and whether it is urgent."""
    day = queries.today(in_force(now).policy, now)
    return [*_papers(now), *_list(now), *_tellings(day), *_demands()]


def _papers(now: datetime) -> list[Thing]:
    day = queries.today(in_force(now).policy, now)
    running = [one for one in queries.register(now) if one.party.ended_at is None]
    lapsed = [one for one in running if one.standing == "suspended"]
    soon = [one for one in running if one.ends_on and one.ends_on <= day + SOON]
    found: list[Thing] = []
    here = reverse("disclosures:register")
    if lapsed:
        title = ngettext(
            "%(num)s recipient is suspended", "%(num)s recipients are suspended", len(lapsed)
        ) % {"num": len(lapsed)}
        words = _(
            "Something that they need has run out. Nothing passes to them until it is renewed."
        )
        found.append((title, words, here, _("Open the register"), True))
    if soon:
        title = ngettext(
            "%(num)s agreement or check runs out within a month",
            "%(num)s agreements or checks run out within a month",
            len(soon),
        ) % {"num": len(soon)}
        found.append((title, _("Renew it in time."), here, _("Open the register"), False))
    return found


def _list(now: datetime) -> list[Thing]:
    waiting = listing.unlisted(now)
    if not waiting:
        return []
    first = min(until for _party, until in waiting)
    title = ngettext(
        "%(num)s processor is not on the public list yet",
        "%(num)s processors are not on the public list yet",
        len(waiting),
    ) % {"num": len(waiting)}
    words = _("It is published by itself on the last day that the policy allows.")
    urgent = first - listing.WARN <= now
    return [(title, words, reverse("disclosures:register"), _("Publish it"), urgent)]


def _tellings(day: object) -> list[Thing]:
    late = Telling.objects.open().filter(due_on__lt=day).count()
    unsent = Telling.objects.open().filter(is_sent=False).count()
    found: list[Thing] = []
    here = reverse("disclosures:tellings")
    if late:
        title = ngettext(
            "%(num)s recipient has not confirmed in time",
            "%(num)s recipients have not confirmed in time",
            late,
        ) % {"num": late}
        words = _("Ask them again, or record why it cannot be done.")
        found.append((title, words, here, _("Open the confirmations"), True))
    elif unsent:
        title = ngettext(
            "%(num)s recipient without e-mail is to be told",
            "%(num)s recipients without e-mail are to be told",
            unsent,
        ) % {"num": unsent}
        found.append((title, _("Write or call."), here, _("Open the confirmations"), False))
    return found


def _demands() -> list[Thing]:
    waiting = Demand.objects.open().count()
    if not waiting:
        return []
    title = ngettext(
        "%(num)s demand by law is not settled", "%(num)s demands by law are not settled", waiting
    ) % {"num": waiting}
    words = _("It is released when it is whole and a second person approved it.")
    return [(title, words, reverse("disclosures:demands"), _("Open the demands"), False)]
