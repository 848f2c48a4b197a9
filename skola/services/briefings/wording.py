"""What pages say about signing, in whole sentences."""

from django.utils.translation import gettext as _

from skola.services.briefings.rules.signing import Refusal

KINDS = {"whole": "ok", "waiting": "waiting", "missing": "broken", "altered": "broken"}


def refused(refusal: Refusal) -> str:
    """Return why somebody cannot sign, and what to do."""
    said = {
        Refusal.NO_AGREEMENT: _(
            "Your written agreement to sign in this way is not on file. Sign it on paper and give"
            " it to your training manager first."
        ),
        Refusal.SIGNED: _("This side has signed it today already."),
        Refusal.SAME_PERSON: _("One person cannot be both sides. Somebody else has to brief you."),
        Refusal.OTHER_VERSION: _("There is a newer version of the text. Read that one first."),
    }
    return said.get(refusal, "")
