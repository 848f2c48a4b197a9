"""PDFs signed in themselves (PAdES). pyHanko tells whether a signature covers what is shown."""

import io
from collections.abc import Sequence
from typing import Any

from asn1crypto import x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel, SuspiciousModification
from pyhanko.sign.general import CMSExtractionError, CMSStructuralError
from pyhanko.sign.validation import SignatureCoverageLevel
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError, SignatureValidationError
from pyhanko.sign.validation.generic_cms import (
    extract_tst_data_iter,
    message_imprint_checker,
    validate_sig_integrity,
)

from skola.ground.signatures.rules import FileError, Verdict
from skola.ground.signatures.signed import Signed

_BROKEN = (
    PdfError,
    SignatureValidationError,
    CMSExtractionError,
    CMSStructuralError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    NotImplementedError,
    RecursionError,
    OverflowError,
)
"""A PDF made to do harm can break its reader anywhere."""


def signatures_of(content: bytes) -> list[Signed]:
    """Return the signatures of a PDF, each over the whole of what is shown. Raises FileError."""
    try:
        reader = PdfFileReader(io.BytesIO(content))
        if reader.encrypted:
            raise FileError(Verdict.UNREADABLE)
        embedded = [one for one in reader.embedded_signatures if one.sig_object_type == "/Sig"]
    except _BROKEN as problem:
        raise FileError(Verdict.UNREADABLE) from problem
    try:
        others, crls, ocsps = _store(reader)
        return [_verified(one, others, crls, ocsps) for one in embedded]
    except _BROKEN as problem:
        raise FileError(Verdict.BROKEN) from problem


def _verified(
    one: Any,
    others: Sequence[x509.Certificate],
    crls: Sequence[bytes],
    ocsps: Sequence[bytes],
) -> Signed:
    """Whether the signature fits and covers the file; who may be trusted is judged elsewhere."""
    one.compute_integrity_info()
    info, content = one.signer_info, one.signed_data["encap_content_info"]
    intact, valid = validate_sig_integrity(
        info, one.signer_cert, content["content_type"].native, one.compute_digest()
    )
    covers = one.coverage in (
        SignatureCoverageLevel.ENTIRE_FILE,
        SignatureCoverageLevel.ENTIRE_REVISION,
    )
    changed = one.diff_result is not None and (
        isinstance(one.diff_result, SuspiciousModification)
        or one.diff_result.modification_level > ModificationLevel.FORM_FILLING
    )
    is_detached = content["content"].native is None
    is_strong = one.md_algorithm in ("sha256", "sha384", "sha512")
    if not (intact and valid and covers and is_detached and is_strong) or changed:
        raise FileError(Verdict.BROKEN)
    return Signed(
        one.signer_cert,
        (*one.other_embedded_certs, *others),
        tuple(crls),
        tuple(ocsps),
        next(iter(extract_tst_data_iter(info, signed=False)), None),
        message_imprint_checker(info),
    )


def _store(
    reader: PdfFileReader,
) -> tuple[list[x509.Certificate], list[bytes], list[bytes]]:
    """What the document brings along to judge its certificates by."""
    try:
        store = DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        return [], [], []
    crls = [one.get_object().data for one in store.crls]
    ocsps = [one.get_object().data for one in store.ocsps]
    return list(store.load_certs()), crls, ocsps
