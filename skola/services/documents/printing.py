"""A document as PDF, made anew whenever somebody asks: nothing is stored beside the register."""

import json
from pathlib import Path

import typst
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from skola.ground.people.api import language_of
from skola.ground.ui import formats
from skola.ground.ui.api import qr_svg
from skola.promises.policy.schema import Policy
from skola.services.documents.models import Document

TEMPLATE = Path(__file__).parent / "document.typ"


def check_path(document: Document) -> str:
    """Return the path of the page on which this document is checked, filled in."""
    told = urlencode({"number": document.label, "code": document.code})
    return f"{reverse('documents:check')}?{told}"


def as_pdf(document: Document, *, policy: Policy, site: str) -> bytes:
    """Return the document as PDF/UA, in the language of its holder.

    ``site`` is the address of the service without a slash at its end, for the check page.
    """
    with translation.override(language_of(document.person)):
        told = _told(document, policy, site)
    inputs = {"data": json.dumps(told, ensure_ascii=False)}
    moment, source = int(document.issued_at.timestamp()), TEMPLATE.read_bytes()
    try:
        return typst.compile(
            source, format="pdf", sys_inputs=inputs, pdf_standards="ua-1", timestamp=moment
        )
    except typst.TypstError:  # a letter that no font has is not allowed in PDF/UA
        return typst.compile(source, format="pdf", sys_inputs=inputs, timestamp=moment)


def _told(document: Document, policy: Policy, site: str) -> dict[str, str]:
    there = site + check_path(document)
    days = {"first": formats.day(document.starts_on), "last": formats.day(document.ends_on)}
    controller = policy.controller
    return {
        "language": translation.get_language() or "en",
        "title": _("Certificate"),
        "kind": "" if document.kind == Document.Kind.CERTIFICATE else _("Duplicate"),
        "service": policy.service.name,
        "controller": controller.name,
        "registration": controller.reg_no,
        "number": _("No %(number)s") % {"number": document.label},
        "holder": document.holder,
        "has": _("has completed"),
        "programme": document.title,
        "hours": _("%(hours)s hours, from %(first)s to %(last)s")
        % {"hours": document.hours, **days},
        "issued": _("Issued on %(day)s") % {"day": formats.day(document.issued_at)},
        "valid": _("Valid until %(day)s") % {"day": formats.day(document.valid_until)}
        if document.valid_until
        else "",
        "signatory": document.signatory,
        "check": _("Check this document: %(address)s")
        % {"address": site + reverse("documents:check")},
        "code": _("Check code: %(code)s") % {"code": document.code},
        "qr": qr_svg(there),
        "qr_words": _("QR code of the check page"),
    }
