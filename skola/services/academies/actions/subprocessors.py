"""A new sub-processor of the operator: every administrator of a client is told, with the day.

Source: learnifier-3.2.d, learnifier-7.i; GDPR Art. 28(2).
"""

from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.jobs import api as jobs
from skola.ground.people.api import Account, Role, language_of, post
from skola.ground.tenants.api import current_id, inside, site
from skola.ground.ui import formats
from skola.promises.disclosures.api import Party
from skola.promises.policy.api import has, in_force
from skola.services.academies import queries
from skola.services.academies.models import Academy, Agreement
from skola.services.academies.queries import Named

TELL = "academies.tell_of_subprocessor"
TOLD = "academies.subprocessor.told"


def tell_clients_later(party: Party, first: date, by: str, now: datetime) -> None:
    """Have the clients told, where a processor that is announced works on their data."""
    if has("academy.client", now=now) and party.entry in queries.entries_of_customer_data(now):
        jobs.enqueue(TELL, key=str(party.pk), party=str(party.pk))


def tell_clients(party_id: UUID, *, now: datetime) -> int:
    """Write to every administrator of every running academy; return how many were written to.

    Safe to repeat: each who was told has an entry in the audit of the academy.
    """
    party = Party.objects.filter(pk=party_id, ended_at=None).first()
    if party is None or party.active_from is None:
        return 0
    operator, told = current_id(), 0
    named = queries.named(party, now)
    for academy in Academy.objects.filter(ended_at=None):
        with inside(academy.client):
            told += _tell(named, operator, now=now)
    return told


@transaction.atomic
def _tell(named: Named, operator: UUID, *, now: datetime) -> int:
    agreement = Agreement.objects.select_for_update().get()
    entries = audit.Entry.objects.filter(kind=TOLD, detail__party=str(named.id))
    known = set(entries.values_list("subject", flat=True))
    ids = Role.objects.granted_at(now).filter(kind=Role.Kind.ADMINISTRATOR).values("person")
    waiting = Account.objects.filter(is_active=True, person__in=ids).select_related("person")
    told = 0
    for account in waiting.order_by("pk"):
        if audit.pseudonym(account.person_id) not in known:
            _write(account, agreement, named, operator, now)
            told += 1
    return told


def _write(
    account: Account,
    agreement: Agreement,
    named: Named,
    operator: UUID,
    now: datetime,
) -> None:
    language = language_of(account.person)
    with translation.override(language):
        day = formats.day(named.first)
        subject = _("%(operator)s: a new sub-processor from %(day)s") % {
            "operator": agreement.operator,
            "day": day,
        }
        text = "\n\n".join(
            [
                _(
                    "From %(day)s on %(name)s works for %(operator)s on data of your academy:"
                    " %(what)s (%(country)s)."
                )
                % {
                    "day": day,
                    "name": named.name,
                    "operator": agreement.operator,
                    "what": named.what(language),
                    "country": named.country,
                },
                _("If you object, answer before that day: %(email)s.")
                % {"email": _reached(operator, now)},
                _("All sub-processors, and what you told us to do: %(address)s")
                % {"address": f"{site()}{reverse('academies:agreement')}"},
            ]
        )
    service = in_force(now).policy.service.name
    post(
        person_id=account.person_id,
        address=account.email,
        sender=f"{service} <{settings.DEFAULT_FROM_EMAIL}>",
        subject=subject,
        text=f"{text}\n",
        now=now,
        about=f"sub-processor {named.id}",
    )
    audit.record(
        TOLD,
        subject=account.person_id,
        by="operator",
        at=now,
        clause="learnifier-3.2.d",
        detail={"party": str(named.id), "from": named.first.isoformat()},
    )


def _reached(operator: UUID, now: datetime) -> str:
    with inside(operator):
        policy = in_force(now).policy
    return policy.controller.email or policy.contact[0].email
