"""The receipts that are mailed where a consent was said to somebody, and not clicked."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from skola.ground.people.api import Person, language_of, post
from skola.promises.consents.api import Consent, token_of
from skola.promises.policy.api import in_force
from skola.web.consents import shown, words


def tell_given(request: Any, one: Consent, *, now: datetime) -> None:
    """Mail what was entered, with the link that withdraws it; nothing where no address is known."""
    place = reverse("web:consent_link", args=[token_of(one)])
    link = request.build_absolute_uri(place)
    with translation.override(language_of(one.person)):
        said = [
            _("You agreed %(way)s to this:") % {"way": words.way(one.channel)},
            one.wording,
            _("If it was not so, or you change your mind, one click here takes it back: %(link)s")
            % {"link": link},
        ]
        _send(one.person, _("Your consent"), said, now=now)


def tell_withdrawn(person: Person, ended: Sequence[Consent], *, now: datetime) -> None:
    """Mail what ended, and what goes on all the same and why (ilearn-28)."""
    if not ended:
        return
    policy = in_force(now).policy
    with translation.override(language_of(person)):
        language = shown.language_of(policy)
        name = shown.line(ended[0], policy).name
        said = [_("You took your consent back, and it ended at once: %(what)s") % {"what": name}]
        others = shown.goes_on(person, policy, language)
        if others:
            lines = "\n".join(f"- {what} ({basis})" for what, basis in others)
            said.append(_("This does not rest on your consent, and goes on:") + f"\n{lines}")
        _send(person, _("Your consent is withdrawn"), said, now=now)


def _send(person: Person, subject: str, said: Sequence[str], *, now: datetime) -> None:
    if not person.email:
        return
    post(
        person_id=person.pk,
        address=person.email,
        sender=settings.DEFAULT_FROM_EMAIL,
        subject=subject,
        text="\n\n".join(said) + "\n",
        now=now,
    )
