"""Taking in a signed file: what it is, whose it is, and what follows for the request."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from skola.ground.db.purposes import RIGHTS, reading_for
from skola.ground.files import api as files
from skola.ground.people.api import Person, drop_lead
from skola.ground.signatures.api import (
    LARGEST,
    Checked,
    Signer,
    Verdict,
    check,
    is_person,
    may_be_signed,
)
from skola.ground.tenants.api import current_id
from skola.promises.intake.api import Letter
from skola.promises.policy.api import in_force
from skola.promises.rights.mailing import links
from skola.promises.rights.mailing.knowing import people_under
from skola.promises.rights.models import RightsRequest, SignedFile
from skola.promises.rights.requests import actions, following, terms
from skola.promises.rights.requests.rules import Proof, Step

KIND = "rights.signed"
_NOT_KEPT = (Verdict.UNSIGNED, Verdict.UNREADABLE, Verdict.HARMFUL)
MOST_ATTACHED = 3
"""So many attachments of a mail are looked at."""


def takes_signed(now: datetime) -> bool:
    """Whether the policy in force takes a signature as a proof of who asks."""
    return Proof.SIGNED_FILE in terms.proofs(in_force(now).policy)


@reading_for(RIGHTS)
@transaction.atomic
def hand_in(
    asked: RightsRequest,
    upload: Any,
    *,
    candidates: Mapping[UUID, str],
    by: str,
    now: datetime,
) -> SignedFile:
    """Check a signed file and keep it; where its signer is one of the candidates, they asked.

    The answer then goes where the candidate is known: to the address beside them, if there is one.
    Raises RefusedError once the request is decided. Source: ilearn-24.b.
    """
    held = actions.locked(asked, Step.IDENTITY, Step.DECIDE)
    content = upload.read(LARGEST + 1)
    upload.seek(0)
    checked = check(content, now=now)
    found = _who(checked, candidates)
    signer = found[0] if found else next(iter(checked.signers), None)
    is_kept = checked.verdict not in _NOT_KEPT
    made = SignedFile.objects.create(
        request=held,
        file=files.store(upload, kind=KIND, person_id=None, by=by, now=now) if is_kept else None,
        found=checked.verdict,
        signer=signer.name if signer else "",
        issuer=signer.issuer if signer else "",
        signed_at=checked.signed_at,
        code_digest=_digest(signer.code) if signer else "",
        is_matched=found is not None,
        checked_at=now,
    )
    detail: dict[str, object] = {"found": str(checked.verdict), "matched": found is not None}
    actions.record("signature-checked", held, by, now, "ilearn-24.b", detail)
    if found is not None:
        _is_theirs(held, found[1], candidates[found[1].pk], by=by, now=now)
    asked.refresh_from_db()
    return made


def _is_theirs(
    held: RightsRequest, person: Person, answer_to: str, *, by: str, now: datetime
) -> None:
    """The signer is known here: the request is theirs, and its answer goes where they are known."""
    if person.pk not in (held.person_id, held.guardian_id):
        before, held.person = held.person_id, person
        held.email = answer_to or held.email
        held.save(update_fields=["person", "email"])
        following.handed_over(held, before, by=by, now=now)
        drop_lead(before, source="request")
    if not held.proof and takes_signed(now):
        actions.prove(held, actions.Shown(Proof.SIGNED_FILE), by=by, now=now)


def _who(checked: Checked, candidates: Collection[UUID]) -> tuple[Signer, Person] | None:
    """The one candidate who signed. Where two could be it, nobody is.

    Whoever was matched before by another code is somebody else of the same name.
    """
    people = list(Person.objects.filter(pk__in=list(candidates)))
    found = [
        (signer, person)
        for signer in checked.signers
        for person in people
        if is_person(signer, person.name, person.birth_on) and _is_as_before(signer, person)
    ]
    return found[0] if len({person.pk for _signer, person in found}) == 1 else None


def _is_as_before(signer: Signer, person: Person) -> bool:
    before = SignedFile.objects.filter(request__person_id=person.pk, is_matched=True)
    known = set(before.exclude(code_digest="").values_list("code_digest", flat=True))
    return not known or _digest(signer.code) in known


def _digest(code: str) -> str:
    return files.text_digest(code, tenant=current_id()) if code else ""


def known_under(address: str) -> dict[UUID, str]:
    """Return who is known under an address, as candidates whose answer goes there."""
    return dict.fromkeys(people_under(address), address) if address else {}


def from_letter(asked: RightsRequest, letter: Letter, *, by: str, now: datetime) -> None:
    """Check what is attached to a mail, for who is known under the address that it names."""
    if not takes_signed(now):
        return
    candidates = {**known_under(links.address_named(asked, now)), **known_under(letter.sender)}
    for name, content in _attached(letter):
        if asked.proof:
            return
        upload = SimpleUploadedFile(name, content)
        hand_in(asked, upload, candidates=candidates, by=by, now=now)


def _attached(letter: Letter) -> Iterable[tuple[str, bytes]]:
    found = [(one.name, one.content) for one in letter.attached if may_be_signed(one.content)]
    return found[:MOST_ATTACHED]
