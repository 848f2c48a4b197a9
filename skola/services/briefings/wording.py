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
        Refusal.OTHER_WAY: _(
            "The other side has signed this record in another way today. Sign it in the same way."
        ),
        Refusal.NO_PROVIDER: _("Nobody here signs with certificates. Sign in the simple way."),
        Refusal.UNKNOWN: _(
            "The provider knows nobody by what you wrote. Look whether it is right, and try again."
        ),
        Refusal.NOT_CONFIRMED: _("You did not confirm it in time. Nothing was signed. Try again."),
        Refusal.UNREACHABLE: _(
            "The provider of signatures cannot be reached. Nothing was signed. Try again later."
        ),
        Refusal.EXPIRED: _(
            "Your certificate is not valid any more, or not yet. Nothing was signed. Renew it, or"
            " sign in the simple way."
        ),
        Refusal.REVOKED: _(
            "Your certificate was revoked. Nothing was signed. Ask its issuer for a new one."
        ),
        Refusal.FOREIGN: _(
            "The issuer of your certificate is not trusted here. Nothing was signed. Use another"
            " certificate, or sign in the simple way."
        ),
        Refusal.UNFIT: _(
            "Your certificate is not one for qualified signatures. Nothing was signed. Use another"
            " one."
        ),
        Refusal.UNCERTAIN: _(
            "Nobody could say whether your certificate was revoked. Nothing was signed. Try again"
            " later."
        ),
        Refusal.BROKEN: _("What came back is no good signature. Nothing was signed. Try again."),
        Refusal.SOMEBODY_ELSE: _(
            "The certificate is of somebody else. Nothing was signed. Each side signs with their"
            " own."
        ),
        Refusal.MEANWHILE: _(
            "The other side has signed in the meantime. Nothing of yours was signed. Sign again."
        ),
        Refusal.OTHER_VERSION: _("There is a newer version of the text. Read that one first."),
    }
    return said.get(refusal, "")
