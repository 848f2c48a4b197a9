"""The VAT number of an order, checked by a register outside (learnifier-7.b)."""

import json
from datetime import datetime
from urllib.error import URLError
from urllib.request import Request, urlopen

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.promises.disclosures.api import Passing, RefusedError, for_task, pass_on
from skola.services.shop import rules
from skola.services.shop.models import Order, VatCheck

TASK = "vat-check"
SECONDS = 10


class NoCheckError(Exception):
    """The number was not checked; the message says why."""


def checks_vat(now: datetime) -> bool:
    """Whether VAT numbers can be checked: set up, in the policy, and active in the register."""
    return bool(settings.VAT_URL) and bool(for_task(TASK, now))


def check_vat(order: Order, *, by: str, now: datetime) -> VatCheck:
    """Ask the register whether a number is valid; who was asked and when is kept with the answer.

    Only the number goes out, through the gate, with an entry in the ledger, which stays where the
    register does not answer: it was asked. Raises NoCheckError.
    """
    parts = rules.vat_parts(order.vat_number)
    if parts is None:
        raise NoCheckError(_("This is no VAT number: two letters of a country, then its number."))
    if not checks_vat(now):
        raise NoCheckError(_("Nobody is set up to check VAT numbers."))
    who = for_task(TASK, now)[0]
    passing = Passing(who.party, ground=who.ground, reference=str(order))
    try:
        pass_on(passing, [order.person_id], records=[order], by=by, now=now)
    except RefusedError as error:
        raise NoCheckError(_("Nothing may be passed on for this customer.")) from error
    is_valid = _ask(*parts)
    with transaction.atomic():
        made = VatCheck.objects.create(
            order=order,
            number=order.vat_number,
            provider=who.party.name,
            is_valid=is_valid,
            checked_at=now,
        )
        _tell(made, by=by, now=now)
    return made


def _tell(made: VatCheck, *, by: str, now: datetime) -> None:
    audit.record("shop.vat.checked", target=made, subject=made.order.person_id, by=by, at=now)


def _ask(country: str, number: str) -> bool:
    """Ask as the register of the European Commission is asked (VIES, REST)."""
    request = Request(  # noqa: S310 - the address is a setting, and checked there
        f"{settings.VAT_URL}/check-vat-number",
        json.dumps({"countryCode": country, "vatNumber": number}).encode(),
        {"Content-Type": "application/json"},
    )
    try:
        with urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
            return bool(json.load(answer)["valid"])
    except (URLError, TimeoutError, ValueError, KeyError, TypeError) as error:
        raise NoCheckError(_("The register of VAT numbers does not answer. Try later.")) from error
