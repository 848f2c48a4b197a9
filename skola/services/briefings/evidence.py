"""The evidence of a person: what was read, which version, when, signed by whom; as JSON and PDF."""

import json
from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import typst
from django.utils import translation
from django.utils.translation import gettext as _

from skola.ground.ui import formats
from skola.promises.policy.api import in_force
from skola.services.briefings import queries
from skola.services.briefings.certified import document_of
from skola.services.briefings.models import Edition
from skola.services.briefings.queries import ShownRecord
from skola.services.briefings.rules.signing import EVIDENCE, canonical, digest, note_of
from skola.services.briefings.sealing import public_key, seal
from skola.services.workforce.api import Employment, tenants_today

TEMPLATE = Path(__file__).parent / "evidence.typ"
VERIFIER = Path(__file__).parent / "verify.py"


@dataclass(frozen=True)
class Evidence:
    """What one employer has of a person, first to last."""

    employment: Employment
    records: tuple[ShownRecord, ...]
    made_at: datetime
    controller: str


def evidence_of(employment: Employment, *, now: datetime) -> Evidence:
    """Return the evidence of one employment: nothing of another employer is in it (ema-2.5)."""
    today = tenants_today(now)
    found = tuple(queries.shown(one, today) for one in queries.own_evidence(employment))
    return Evidence(employment, found, now, in_force(now).policy.controller.name)


def as_json(evidence: Evidence) -> str:
    """Return it for machines, sealed as a whole; ``verify.py`` checks it without this service."""
    texts: dict[str, Any] = {one.record.edition.digest: _text(one) for one in evidence.records}
    employment = evidence.employment
    told = {
        "controller": evidence.controller,
        "company": {"name": employment.company.name, "number": employment.company.number},
        "person": {
            "name": employment.person.name,
            "number": employment.staff_number.shown,
        },
        "made_at": evidence.made_at.isoformat(timespec="seconds"),
        "texts": texts,
        "records": [_record(one) for one in evidence.records],
    }
    sealed = seal(note_of(EVIDENCE, digest(told)))
    file = {"evidence": json.loads(canonical(told)), "seal": sealed.note, "key": sealed.key}
    return json.dumps(file, ensure_ascii=False, indent=1)


def _text(one: ShownRecord) -> dict[str, object]:
    return one.record.edition.facts


def _record(one: ShownRecord) -> dict[str, Any]:
    """Return a record; whom it is about bore the number of that day, which may be another now."""
    record = one.record
    said = next((half.said for half in one.halves.values() if half.said), None)
    return {
        "number": record.number,
        "day": record.day.isoformat(),
        "text": record.edition.digest,
        "signatures": [half.signature.note for half in one.halves.values()],
        **({"instructed": said["instructed"]["number"]} if said else {}),
        **({"document": b64encode(signed).decode()} if (signed := document_of(record)) else {}),
    }


def as_pdf(evidence: Evidence) -> bytes:
    """Return it for people, in the active language, with the texts that were signed."""
    data = json.dumps(_plain(evidence), ensure_ascii=False)
    moment = int(evidence.made_at.timestamp())
    source = TEMPLATE.read_bytes()
    try:
        return typst.compile(
            source, format="pdf", sys_inputs={"data": data}, pdf_standards="ua-1", timestamp=moment
        )
    except typst.TypstError:  # a letter that no font has is not allowed in PDF/UA
        return typst.compile(source, format="pdf", sys_inputs={"data": data}, timestamp=moment)


STATES = {
    "whole": lambda: _("signed by both sides"),
    "waiting": lambda: _("waits for the other side"),
    "missing": lambda: _("a signature is missing"),
    "altered": lambda: _("altered: the seal does not fit"),
}


def _plain(evidence: Evidence) -> dict[str, Any]:
    employment = evidence.employment
    editions = {one.record.edition_id: one.record.edition for one in evidence.records}
    return {
        "language": translation.get_language() or "en",
        "title": _("Evidence of briefings"),
        "about": _("%(person)s, staff number %(number)s, at %(company)s")
        % {
            "person": employment.person.name,
            "number": employment.staff_number.shown,
            "company": employment.company.name,
        },
        "made": _("Made on %(when)s by %(controller)s.")
        % {"when": formats.moment(evidence.made_at), "controller": evidence.controller},
        "how": _(
            "The same as a file for machines can be verified without this service, with the"
            " program and the key that stand beside it. This is the key:"
        ),
        "key": public_key(),
        "heads": [_("No"), _("Day"), _("Briefing"), _("Briefed"), _("Instructor"), _("State")],
        "rows": [_row(one) for one in evidence.records],
        "none": _("There are no records."),
        "texts": [_appendix(one) for one in editions.values()],
        "appendix": _("The texts as they were signed"),
        "digest": _("SHA-256 of the text with its questions:"),
    }


def _row(one: ShownRecord) -> list[str]:
    edition = one.record.edition
    title = _("%(title)s, version %(version)s") % {
        "title": edition.title,
        "version": edition.version,
    }
    return [
        str(one.record.number),
        formats.short_day(one.record.day),
        f"{title} ({edition.get_form_display()})",
        _half(one, "instructed"),
        _half(one, "instructor"),
        STATES[one.state](),
    ]


def _half(one: ShownRecord, side: str) -> str:
    half = one.halves.get(side)
    if half is None or not half.said:
        return "–"
    return f"{half.said['signer']['name']}, {formats.hour(half.signature.signed_at)}"


def _appendix(edition: Edition) -> dict[str, str]:
    return {
        "title": _("%(title)s, version %(version)s")
        % {"title": edition.title, "version": edition.version},
        "published": formats.day(edition.published_at),
        "text": edition.text,
        "digest": edition.digest,
    }
