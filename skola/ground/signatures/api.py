"""The door of ``signatures``."""

from skola.ground.signatures.checking import check, may_be_signed, trusted_here
from skola.ground.signatures.making import (
    CertificateError,
    SignedPdf,
    SomebodyElseError,
    sign_pdf,
    with_fields,
)
from skola.ground.signatures.provided import Credential, NotProvided, ProviderError, Who
from skola.ground.signatures.providers import Provider, authorities, provider
from skola.ground.signatures.rules import LARGEST, Checked, Signer, Verdict, is_person
from skola.ground.signatures.trust import Trust, trust_in

__all__ = [
    "LARGEST",
    "CertificateError",
    "Checked",
    "Credential",
    "NotProvided",
    "Provider",
    "ProviderError",
    "SignedPdf",
    "Signer",
    "SomebodyElseError",
    "Trust",
    "Verdict",
    "Who",
    "authorities",
    "check",
    "is_person",
    "may_be_signed",
    "provider",
    "sign_pdf",
    "trust_in",
    "trusted_here",
    "with_fields",
]
