"""The text of a contract about a service, in the active language."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from skola.ground.ui.formats import money
from skola.promises.policy.api import in_force
from skola.services.customers import functions
from skola.services.customers.models import Service
from skola.services.school.api import School


def tab_word() -> str:
    """Return what the catalogue is called beside contracts."""
    return _("Services")


def months(count: int) -> str:
    """Return a length of time in months."""
    return ngettext("%(count)s month", "%(count)s months", count) % {"count": count}


def tariff(service: Service) -> list[str]:
    """Return the tariff, a sentence for each step."""
    told = {"months": months(service.months), "vat": f"{service.vat_percent.normalize():f}"}
    if not service.is_for_schools:
        (rate,) = service.rates.all()
        price = money(rate.unit_cents, service.currency)
        return [_("%(price)s for %(months)s, plus %(vat)s %% tax.") % {**told, "price": price}]
    return [
        _("From %(count)s pupils on: %(price)s a pupil for %(months)s, plus %(vat)s %% tax.")
        % {**told, "count": rate.from_pupils, "price": money(rate.unit_cents, service.currency)}
        for rate in service.rates.all()
    ]


def contract_text(service: Service, school: School | None, now: datetime) -> str:
    """Return what is concluded: the service, its tariff, how it ends, what else holds."""
    policy = in_force(now).policy
    parts = [service.about]
    if school is not None:
        parts.append(_("For: %(school)s") % {"school": school.name})
    if service.function:
        function = functions.word_of(service.function)
        parts.append(_("It opens: %(function)s") % {"function": function})
    parts.append("\n".join(f"- {line}" for line in tariff(service)))
    parts.append(
        _(
            "Each period is paid in advance. Notice can be given at any time and ends the contract"
            " with the period that is paid. If it ends earlier, what was not used is credited day"
            " by day."
        )
    )
    parts.append(
        _(
            "Besides this contract the principles of %(version)s hold, so far as it says nothing"
            " else."
        )
        % {"version": policy.policy.version}
    )
    return "\n\n".join(parts)
