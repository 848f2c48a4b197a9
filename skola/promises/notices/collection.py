"""The short notice beside a form, shown before anything is sent.

Clauses: ilearn-7, learnifier-8.c, kic-cookie-effect.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from skola.ground.ui import formats
from skola.promises.notices.queries import language_for
from skola.promises.policy.api import in_force
from skola.promises.policy.beside import names
from skola.promises.policy.placeholders import fill
from skola.promises.policy.schema import Policy
from skola.promises.policy.wording import wording


@dataclass(frozen=True, slots=True)
class Collection:
    """What stands beside one form."""

    text: str
    """The form's own words; empty where the policy has none for it."""
    transfer: str
    """Where data may go outside of the European Economic Area; empty where they do not."""
    version: str
    """The version that is shown, to be stored with what is sent."""
    language: str


def current_notice_version(now: datetime) -> str:
    """Return the version that binds now; stored with everything that is sent."""
    return in_force(now).version.name


def notice_for(form: str, now: datetime) -> Collection:
    """Return the notice beside a form, ``sign-up`` or ``enquiry``. Raises NoPolicyError.

    The policy may name several forms in one table: ``sign-up and interest forms``.
    """
    found = in_force(now)
    policy = found.policy
    language = language_for(policy)
    texts = [
        fill(policy, each.text[language], language)
        for each in policy.notice_at_collection
        if each.text and names(each.where, form)
    ]
    return Collection(" ".join(texts), _transfers(policy), found.version.name, language)


def _transfers(policy: Policy) -> str:
    """Return where data may go and what protects them there (learnifier-8.c)."""
    if not policy.transfer:
        return ""
    words = wording(translation.get_language() or "en")
    places = [
        f"{each.to if words.language == 'en' else words.word('places', 'third countries')}"
        f" ({', '.join(words.word('safeguards', every) for every in each.safeguard)})"
        for each in policy.transfer
    ]
    said = _("Your data may leave the European Economic Area: to %(places)s.")
    return said % {"places": formats.listing(places)}
