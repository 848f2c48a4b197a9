"""Signing a PDF in itself (PAdES): a signature is added, what was signed before stays as it was."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from asn1crypto import x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from skola.ground.signatures import pdfs
from skola.ground.signatures.checking import trusted_here
from skola.ground.signatures.provided import Credential, Who
from skola.ground.signatures.providers import Provider
from skola.ground.signatures.rules import FileError, Signer, Verdict, is_person
from skola.ground.signatures.signed import Signed
from skola.ground.signatures.trust import Trust, judge


class CertificateError(Exception):
    """A certificate that signs nothing here; ``verdict`` says why. Nothing was signed."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(str(verdict))
        self.verdict = verdict


class SomebodyElseError(Exception):
    """The certificate is another person's. Nothing was signed."""


@dataclass(frozen=True)
class SignedPdf:
    """A PDF with one signature more, and by whose certificate that was made."""

    content: bytes
    signer: Signer
    certificate: str
    """The SHA-256 of the certificate, in hexadecimal."""

    @property
    def digest(self) -> str:
        """The SHA-256 of the whole file, in hexadecimal."""
        return sha256(self.content).hexdigest()


def with_fields(content: bytes, names: Sequence[str]) -> bytes:
    """Return a PDF with a place for each signature that is to come; none of them is seen."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    for name in names:
        fields.append_signature_field(writer, fields.SigFieldSpec(sig_field_name=name))
    made = io.BytesIO()
    writer.write(made)  # type: ignore[no-untyped-call]  # pyHanko leaves it untyped
    return made.getvalue()


def sign_pdf(
    content: bytes, *, field: str, who: Who, provider: Provider, now: datetime
) -> SignedPdf:
    """Sign a PDF in a place that it has: PAdES-B-T, or B-B where the provider stamps no time.

    The certificate is judged before anything is signed, and the whole file after. Raises
    ProviderError, CertificateError and SomebodyElseError.
    """
    trust = provider.trust(now=now) or trusted_here()
    credential = provider.credential(who, now=now)
    certificate = x509.Certificate.load(credential.certificate)
    others = tuple(x509.Certificate.load(one) for one in credential.others)
    judged = judge(Signed(certificate, others, (), (), None, None), trust, now=now)
    if judged.verdict is not Verdict.VALID:
        raise CertificateError(judged.verdict)
    if not is_person(judged.signer, who.name, who.born_on):
        raise SomebodyElseError(f"It is of {judged.signer.name}.")
    made = _signed(content, field, credential, provider, now)
    _demand_valid(made, trust, now)
    return SignedPdf(made, judged.signer, sha256(credential.certificate).hexdigest())


def _demand_valid(content: bytes, trust: Trust, now: datetime) -> None:
    """Look at the file as anybody would: every signature in it has to be good."""
    try:
        found = pdfs.signatures_of(content)
    except FileError as problem:
        raise CertificateError(problem.verdict) from problem
    for one in found:
        verdict = judge(one, trust, now=now).verdict
        if verdict is not Verdict.VALID:
            raise CertificateError(verdict)


def _signed(
    content: bytes, field: str, credential: Credential, provider: Provider, now: datetime
) -> bytes:
    meta = signers.PdfSignatureMetadata(
        field_name=field, md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES
    )
    made = _AtATime(
        meta,
        signer=_Provided(credential, provider, now),
        timestamper=provider.stamper(now=now),
        now=now,
    ).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(content)), existing_fields_only=True)
    return bytes(made.getbuffer())


class _AtATime(signers.PdfSigner):
    """A signer that is told what time it is."""

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._now = now

    def init_signing_session(self, *args: Any, **kwargs: Any) -> Any:
        session = super().init_signing_session(*args, **kwargs)
        session.system_time = self._now
        return session


class _Provided(signers.Signer):
    """A signer whose signatures a provider gives."""

    def __init__(self, credential: Credential, provider: Provider, now: datetime) -> None:
        store: Any = SimpleCertificateStore
        own = x509.Certificate.load(credential.certificate)
        others = [x509.Certificate.load(one) for one in credential.others]
        super().__init__(signing_cert=own, cert_registry=store.from_certs([own, *others]))
        self._asked = credential, provider, now

    async def async_sign_raw(
        self, data: bytes, digest_algorithm: str, dry_run: bool = False
    ) -> bytes:
        if dry_run:
            return bytes(512)
        credential, provider, now = self._asked
        return provider.sign(credential, data, now=now)
