"""Words for states, lacks and refusals, as they are shown to the officer."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from skola.promises.disclosures.models import Paper
from skola.promises.disclosures.rules import REGION, SAFEGUARD, Ground, Standing, Why

GROUNDS = {
    Ground.CONTRACT: gettext_lazy("a contract with the recipient, for what the person ordered"),
    Ground.CONSENT: gettext_lazy("the person consented to this recipient"),
    Ground.LAW: gettext_lazy("a law demands it"),
    Ground.CLAIM: gettext_lazy("a legal claim"),
    Ground.INTEREST: gettext_lazy("a legitimate interest that outweighs"),
    Ground.MARKETING: gettext_lazy("marketing by the recipient"),
}
"""The grounds in words. One of them no policy gives; whoever asks for it is told so."""


def standing(of: Standing) -> str:
    """Return where an entry of the register stands."""
    return {
        Standing.PREPARED: _("not active yet"),
        Standing.ANNOUNCED: _("announced"),
        Standing.ACTIVE: _("active"),
        Standing.SUSPENDED: _("suspended"),
        Standing.ENDED: _("ended"),
    }[of]


def lack(word: str) -> str:
    """Return what is missing."""
    said = {
        "policy": _("the policy does not name them"),
        SAFEGUARD: _("a safeguard for data outside the European Economic Area"),
        REGION: _("the policy keeps data inside of the European Economic Area"),
        "reference": _("a reference: order, contract or incident"),
        "law": _("the law that demands it"),
        "document": _("the number and date of the document"),
        "reasoning": _("the reasoning of whoever demands it"),
        "balance": _("a note why the interest outweighs those of the person"),
        "scope": _("what exactly is demanded"),
        "review": _("the result of a legal review"),
        "approval": _("the approval of a second person"),
        "claim": _("an open claim file"),
        "consent": _("a consent to this recipient"),
    }
    names = {str(kind): str(label) for kind, label in Paper.Kind.choices}
    return said.get(word) or names.get(word, word)


def lacks(words: Iterable[str]) -> str:
    """Return everything that is missing, in one line."""
    return "; ".join(map(lack, words))


def refusal(why: Why, missing: Iterable[str]) -> str:
    """Return why nothing was passed on, and what now."""
    said = {
        Why.NOT_ACTIVE: _("This recipient is not active in the register yet."),
        Why.ENDED: _("It has ended with this recipient."),
        Why.SUSPENDED: _("This recipient is suspended."),
        Why.NOT_IN_POLICY: _("The policy does not let this recipient have personal data."),
        Why.GROUND: _("The policy does not give this recipient data on this ground."),
        Why.PURPOSE: _("The policy does not give this recipient data for this purpose."),
        Why.INCOMPLETE: _("Something is not on record yet."),
        Why.NO_CLAIM: _("No claim file about this person is open."),
        Why.NO_CONSENT: _("The person has not consented to this recipient, or has withdrawn."),
        Why.RESTRICTED: _("The data of this person are restricted."),
        Why.STOPPED: _("This person asked that nothing more is passed on."),
        Why.NOTHING: _("Nothing of what this recipient may have is held about them."),
        Why.OUT_OF_SCOPE: _("Something of the scope is of a kind that they may not have."),
    }[why]
    lacking = lacks(missing)
    told = _("Missing: %(what)s.") % {"what": lacking}
    return f"{said} {told}" if lacking else said
