"""Letters of notices on paper, for envelopes with a window."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from skola.ground.people.api import language_of
from skola.ground.ui import formats
from skola.ground.ui.letters import Letter, address_lines, as_pdf, paragraphs
from skola.promises.policy.api import in_force
from skola.promises.policy.schema import Controller
from skola.services.reaching.models import Delivery


def letters_as_pdf(made: Iterable[Delivery], *, now: datetime) -> bytes:
    """Return letters as one PDF, each in the language of who gets it."""
    policy = in_force(now).policy
    with timezone.override(ZoneInfo(policy.policy.timezone)):
        told = [_letter(one, policy.controller) for one in made]
        title = _("Letters of %(day)s") % {"day": formats.day(now)}
        return as_pdf(told, title=title, now=now)


def _letter(made: Delivery, controller: Controller) -> Letter:
    notice, who = made.notice, made.notice.person
    language = language_of(who)
    with translation.override(language):
        reach = (controller.name, controller.reg_no, controller.phone, controller.email)
        return Letter(
            language=language,
            to=address_lines(who.name, who.address),
            sender=f"{controller.name}, {controller.address}",
            back=f"{controller.name}, {controller.address}",
            origin=tuple(line for line in reach if line),
            day=formats.day(notice.written_at),
            subject=notice.title,
            parts=paragraphs(notice.text),
        )
