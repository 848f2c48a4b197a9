"""Records that are signed with certificates: one PDF, which both sides sign one after the other.

The PDF says whom it briefs on which version of which text, with the whole text. The first side
signs it as it was set, the second signs what the first has signed (PAdES). No key of a person is
ever here: a provider signs for them.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import typst
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from django.utils.translation import gettext as _

from skola.ground.files import api as files
from skola.ground.people.api import Person, language_of
from skola.ground.signatures import api as signatures
from skola.ground.ui import formats
from skola.services.briefings.models import Edition, Record
from skola.services.briefings.rules.signing import Refusal, Side
from skola.services.workforce.api import Assignment, Post

DOCUMENT = "briefings.record"
"""The kind of file that a signed record is."""
LARGEST = 5_000_000
TEMPLATE = Path(__file__).parent / "record.typ"

_REFUSALS = {
    signatures.NotProvided.UNKNOWN: Refusal.UNKNOWN,
    signatures.NotProvided.REFUSED: Refusal.NOT_CONFIRMED,
    signatures.NotProvided.UNREACHABLE: Refusal.UNREACHABLE,
}
_VERDICTS = {
    signatures.Verdict.EXPIRED: Refusal.EXPIRED,
    signatures.Verdict.REVOKED: Refusal.REVOKED,
    signatures.Verdict.FOREIGN: Refusal.FOREIGN,
    signatures.Verdict.UNFIT: Refusal.UNFIT,
    signatures.Verdict.UNCERTAIN: Refusal.UNCERTAIN,
}


class NotSignedError(Exception):
    """Nothing was signed; ``refusal`` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal


@dataclass(frozen=True)
class SignedRecord:
    """The PDF of a record with one signature more; ``before`` is the SHA-256 of what was signed."""

    pdf: signatures.SignedPdf
    before: str

    def follows(self, record: Record | None) -> bool:
        """Whether nobody has signed since: what was signed is what the record holds now."""
        return self.before == (_digest(record) if record else "")


def _digest(record: Record) -> str:
    last = _last(record)
    return last.sha256 if last else ""


def _last(record: Record) -> files.StoredFile | None:
    """Return the PDF of a record with all signatures that it has."""
    signed = [one.document for one in record.signatures.all() if one.document is not None]
    return signed[-1] if signed else None


def document_of(record: Record) -> bytes | None:
    """Return the PDF of a record as both sides signed it so far; None for a simple one."""
    last = _last(record)
    if last is None:
        return None
    with files.open_file(last) as content:
        return content.read()


def sign(
    task: Assignment,
    edition: Edition,
    side: Side,
    signer: Person,
    *,
    record: Record | None,
    answer: str,
    today: date,
    now: datetime,
) -> SignedRecord:
    """Have a side sign the PDF of today's record. Nothing is kept. Raises NotSignedError.

    ``answer`` is what the signer told the provider.
    """
    provider = signatures.provider()
    if provider is None:
        raise NotSignedError(Refusal.NO_PROVIDER)
    content = (document_of(record) if record else None) or drafted(task, edition, today)
    who = signatures.Who(signer.given_name, signer.family_name, signer.birth_on, answer)
    try:
        made = signatures.sign_pdf(content, field=side, who=who, provider=provider, now=now)
    except signatures.ProviderError as problem:
        raise NotSignedError(_REFUSALS[problem.reason]) from problem
    except signatures.CertificateError as problem:
        raise NotSignedError(_VERDICTS.get(problem.verdict, Refusal.BROKEN)) from problem
    except signatures.SomebodyElseError as problem:
        raise NotSignedError(Refusal.SOMEBODY_ELSE) from problem
    return SignedRecord(made, _digest(record) if record else "")


def keep(signed: SignedRecord, *, by: str, now: datetime) -> files.StoredFile:
    """Store a signed PDF under a key of its own."""
    upload = SimpleUploadedFile("record.pdf", signed.pdf.content, content_type="application/pdf")
    return files.store(upload, kind=DOCUMENT, person_id=None, by=by, now=now)


def drafted(task: Assignment, edition: Edition, today: date) -> bytes:
    """Return the PDF that is to be signed, in the language of who is briefed."""
    employment = task.employment
    place = Post.objects.held().select_related("unit", "position").get(employment=employment)
    with translation.override(language_of(employment.person)):
        told = {
            "language": translation.get_language() or "en",
            "title": _("Record of a briefing"),
            "facts": [
                [_("Employer"), f"{employment.company.name}, {employment.company.number}"],
                [_("Day"), formats.day(today)],
                [_("Briefed"), f"{employment.person.name}, {employment.staff_number.shown}"],
                [_("Unit, position"), f"{place.unit.name}, {place.position.name}"],
                [_("Briefing"), f"{edition.title} ({edition.get_form_display()})"],
                [_("Version"), f"{edition.version}, {formats.day(edition.published_at)}"],
            ],
            "signs": _(
                "Two people sign this record on this day, each with a certificate: who was briefed"
                " and who briefed them. Their signatures are in this file; whatever reads signed"
                " PDFs shows them."
            ),
            "text": edition.text,
            "digest": [_("SHA-256 of the text with its questions:"), edition.digest],
        }
    data = json.dumps(told, ensure_ascii=False)
    source, inputs = TEMPLATE.read_bytes(), {"data": data}
    try:
        made = typst.compile(source, format="pdf", sys_inputs=inputs, pdf_standards="ua-1")
    except typst.TypstError:  # a letter that no font has is not allowed in PDF/UA
        made = typst.compile(source, format="pdf", sys_inputs=inputs)
    return signatures.with_fields(made, list(Side))
