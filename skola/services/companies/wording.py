"""What the first message to a representative says of where their data are from."""

from datetime import datetime

from django.utils.translation import gettext as _

from skola.ground.ui import formats
from skola.promises.policy.api import in_force
from skola.services.companies.models import Representative


def source_text(to: Representative, words: str, notice: str, now: datetime) -> str:
    """Return the words of the policy, the source with its day, what is held, and what one can do.

    ``notice`` is the address of the whole policy. Source: GDPR Art. 14(1) and (2).
    """
    controller = in_force(now).policy.controller
    told = {
        "source": to.get_source_display(),
        "place": to.found_at,
        "day": formats.day(to.found_on),
        "company": to.company.name,
        "controller": controller.name,
        "address": controller.email or controller.address,
        "notice": notice,
    }
    said = [
        words,
        _("Source: %(source)s, %(place)s, %(day)s.") % told,
        _("%(controller)s holds your name, this address, and that you represent %(company)s.")
        % told,
        _("If you do not want that, write to %(address)s.") % told,
        _("What for, for how long, and what else you can ask for: %(notice)s") % told,
    ]
    return "\n".join(one for one in said if one)
