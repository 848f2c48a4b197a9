"""The checkpoint of the day, mailed to the officer: out of reach of whoever runs the database."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from skola.ground.audit import api as audit
from skola.ground.people.api import Account, Role, language_of, post
from skola.ground.tenants.api import current_id
from skola.promises.policy.api import in_force

MAILED = "web.audit.mailed"


@transaction.atomic
def mail_checkpoint(now: datetime) -> int:
    """Write the last checkpoint to every officer; return to how many.

    Nothing is written where nothing has happened since the last mail but that mail. Raises
    NoteError where the checkpoint is not ours.
    """
    log = audit.log_of(current_id())
    found, note = log.checkpoint(), log.folder.read("checkpoint")
    last = _last_size()
    if found is None or note is None or found.size <= last + 1:
        return 0
    officers = _officers(now)
    lost = [one for one in audit.lost_keys(log) if one.size >= last]
    for account in officers:
        _write(account, note.decode(), str(log.key), found.size, lost, now)
    if officers:
        detail = {"size": found.size, "root": found.root.hex(), "officers": len(officers)}
        audit.record(MAILED, by="system", at=now, detail=detail)
    return len(officers)


def _last_size() -> int:
    last = audit.Entry.objects.filter(kind=MAILED).order_by("-at").first()
    return int(last.detail.get("size", 0)) if last else -1


def _officers(now: datetime) -> list[Account]:
    roles = Role.objects.held_at(now).filter(kind=Role.Kind.OFFICER, scope="")
    held = roles.values("person_id")
    found = Account.objects.filter(is_active=True, person_id__in=held)
    return list(found.select_related("person").order_by("pk"))


def _write(
    account: Account, note: str, key: str, size: int, lost: list[audit.Handover], now: datetime
) -> None:
    policy = in_force(now).policy
    with translation.override(language_of(account.person)):
        said = {"service": policy.service.name}
        subject = _("%(service)s: the checkpoint of the audit") % said
        text = "\n\n".join(
            [
                _("The audit has %(number)s entries. This is the signed checkpoint over them:")
                % {"number": size},
                note.strip(),
                _("It is signed by this key:"),
                key,
                *map(_said_of_lost, lost),
                _(
                    "Keep this mail. Whoever changes or removes one of these entries later cannot"
                    " make it fit this checkpoint: `skola audit verify --from` compares them."
                ),
            ]
        )
    controller = policy.controller
    post(
        person_id=account.person_id,
        address=account.email,
        sender=f"{policy.service.name} <{settings.DEFAULT_FROM_EMAIL}>",
        subject=subject,
        text=f"{text}\n\n{controller.name}, {controller.address}\n",
        now=now,
    )


def _said_of_lost(one: audit.Handover) -> str:
    said = {"old": one.old.id.hex(), "number": one.size}
    return (
        _(
            "The key %(old)s, which signed before, was lost at %(number)s entries and could not"
            " hand over. Let whoever runs the installation confirm the new key to you by another"
            " way."
        )
        % said
    )
