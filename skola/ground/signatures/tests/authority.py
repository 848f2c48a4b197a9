"""A certification authority that a test makes: it certifies, revokes, and stamps the time."""

import asyncio
import hashlib
import io
import zipfile
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import typst
from asn1crypto import keys
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier
from lxml import etree
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

FROM, TO = datetime(2025, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
_QC = bytes.fromhex("300a300806060400 8e460101".replace(" ", ""))
"""QcStatements with QcCompliance alone."""
_C14N = "http://www.w3.org/2006/12/xml-c14n11"
_SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
DOCUMENTS = {"request.txt": "Lūdzu manu datu kopiju.".encode()}


Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass
class Holder:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: Key

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def asn1(self) -> asn1.Certificate:
        return asn1.Certificate.load(self.der)

    @property
    def asn1_key(self) -> keys.PrivateKeyInfo:
        der = self.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        return keys.PrivateKeyInfo.load(der)


def _name(**told: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(getattr(NameOID, one), said) for one, said in told.items()]
    )


@dataclass
class Authority:
    """An authority of its own, with a key that nobody else has."""

    name: str = "Example Qualified CA"
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def __post_init__(self) -> None:
        self.holder = Holder(self._own(), self.key)

    def _own(self) -> x509.Certificate:
        name = _name(COUNTRY_NAME="LV", COMMON_NAME=self.name)
        usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
        return (
            self._builder(name, self.key, FROM, TO)
            .add_extension(x509.BasicConstraints(ca=True, path_length=1), critical=True)
            .add_extension(usage, critical=True)
            .sign(self.key, hashes.SHA256())
        )

    def _builder(
        self, name: x509.Name, key: Key, since: datetime, until: datetime
    ) -> x509.CertificateBuilder:
        issuer = _name(COUNTRY_NAME="LV", COMMON_NAME=self.name)
        public, own = key.public_key(), self.key.public_key()
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(issuer)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(since)
            .not_valid_after(until)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(own), critical=False)
        )

    def certify(
        self,
        given: str,
        family: str,
        code: str = "PNOLV-320000-12345",
        *,
        since: datetime = FROM,
        until: datetime = TO,
        qualified: bool = True,
    ) -> Holder:
        """Return a certificate for signing, of a person."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = _name(
            COUNTRY_NAME="LV",
            COMMON_NAME=f"{given} {family}",
            GIVEN_NAME=given,
            SURNAME=family,
            SERIAL_NUMBER=code,
        )
        usage = x509.KeyUsage(False, True, False, False, False, False, False, False, False)
        built = self._builder(name, key, since, until).add_extension(usage, critical=True)
        if qualified:
            extension = x509.UnrecognizedExtension(ObjectIdentifier("1.3.6.1.5.5.7.1.3"), _QC)
            built = built.add_extension(extension, critical=False)
        return Holder(built.sign(self.key, hashes.SHA256()), key)

    def stamper(self, at: datetime) -> DummyTimeStamper:
        """Return who stamps this time on everything."""
        key = rsa.generate_private_key(65537, 2048)  # all that this stamper knows
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        built = self._builder(_name(COMMON_NAME="Example TSA"), key, FROM, TO)
        signed = built.add_extension(usage, critical=True).sign(self.key, hashes.SHA256())
        who = Holder(signed, key)
        store: Any = SimpleCertificateStore
        store = store.from_certs([self.holder.asn1])
        return DummyTimeStamper(who.asn1, who.asn1_key, certs_to_embed=store, fixed_dt=at)

    def revoked(self, *holders: Holder, at: datetime, now: datetime) -> bytes:
        """Return the list of what was revoked, in its own form (DER)."""
        built = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.holder.certificate.subject)
            .last_update(now - timedelta(hours=1))
            .next_update(now + timedelta(days=1))
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()),
                critical=False,
            )
            .add_extension(x509.CRLNumber(1), critical=False)
        )
        for one in holders:
            entry = x509.RevokedCertificateBuilder()
            entry = entry.serial_number(one.certificate.serial_number).revocation_date(at)
            built = built.add_revoked_certificate(entry.build())
        return built.sign(self.key, hashes.SHA256()).public_bytes(Encoding.DER)

    def publish(self, folder: Path, *, crl: bytes = b"", stamps: bool = True) -> None:
        """Put the authority, and its list, where a tenant trusts them."""
        (folder / "time-stamps").mkdir(parents=True, exist_ok=True)
        own = self.holder.certificate.public_bytes(Encoding.PEM)
        (folder / "authority.pem").write_bytes(own)
        if stamps:
            (folder / "time-stamps" / "authority.pem").write_bytes(own)
        if crl:
            (folder / "authority.crl").write_bytes(crl)


def _digest(content: bytes) -> str:
    return b64encode(hashlib.sha256(content).digest()).decode()


def _canonical(element: Any) -> bytes:
    return etree.tostring(element, method="c14n", with_tail=False)  # type: ignore[no-any-return]


def _reference(address: str, digest: str, kind: str = "") -> str:
    told = f" Type={quoteattr(kind)}" if kind else ""
    return (
        f"<ds:Reference URI={quoteattr(address)}{told}><ds:DigestMethod Algorithm={_SHA256!r}/>"
        f"<ds:DigestValue>{digest}</ds:DigestValue></ds:Reference>"
    ).replace("'", '"')


def signature(
    holder: Holder, documents: dict[str, bytes], *, stamper: DummyTimeStamper | None = None
) -> bytes:
    """Return a XAdES signature over files, as an ASiC-E container holds it."""
    certificate = b64encode(holder.der).decode()
    text = f"""<asic:XAdESSignatures xmlns:asic="http://uri.etsi.org/02918/v1.2.1#" \
xmlns:ds="http://www.w3.org/2000/09/xmldsig#" xmlns:xades="http://uri.etsi.org/01903/v1.3.2#">\
<ds:Signature Id="S0"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="{_C14N}"/>\
<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"/>\
</ds:SignedInfo><ds:SignatureValue Id="S0-V"/><ds:KeyInfo><ds:X509Data><ds:X509Certificate>\
{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo><ds:Object>\
<xades:QualifyingProperties Target="#S0"><xades:SignedProperties Id="S0-P">\
<xades:SignedSignatureProperties><xades:SigningTime>2026-03-01T09:00:00Z</xades:SigningTime>\
<xades:SigningCertificateV2><xades:Cert><xades:CertDigest><ds:DigestMethod Algorithm="{_SHA256}"/>\
<ds:DigestValue>{_digest(holder.der)}</ds:DigestValue></xades:CertDigest></xades:Cert>\
</xades:SigningCertificateV2></xades:SignedSignatureProperties></xades:SignedProperties>\
</xades:QualifyingProperties></ds:Object></ds:Signature></asic:XAdESSignatures>"""
    root = etree.fromstring(text)
    ds, xades = "{http://www.w3.org/2000/09/xmldsig#}", "{http://uri.etsi.org/01903/v1.3.2#}"
    info = next(root.iter(f"{ds}SignedInfo"))
    properties = next(root.iter(f"{xades}SignedProperties"))
    told = [_reference(name, _digest(content)) for name, content in documents.items()]
    kind = "http://uri.etsi.org/01903#SignedProperties"
    told.append(_reference("#S0-P", _digest(_canonical(properties)), kind))
    for one in told:
        space = 'xmlns:ds="http://www.w3.org/2000/09/xmldsig#"'
        info.append(etree.fromstring(f"<x {space}>{one}</x>")[0])
    etree.cleanup_namespaces(root, keep_ns_prefixes=["asic", "ds", "xades"])
    assert isinstance(holder.key, ec.EllipticCurvePrivateKey)
    der = holder.key.sign(_canonical(info), ec.ECDSA(hashes.SHA256()))
    r, s = decode_dss_signature(der)
    value = next(root.iter(f"{ds}SignatureValue"))
    value.text = b64encode(r.to_bytes(32, "big") + s.to_bytes(32, "big")).decode()
    if stamper is not None:
        _stamp(root, value, stamper)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")  # type: ignore[no-any-return]


def _stamp(root: Any, value: Any, stamper: DummyTimeStamper) -> None:
    digest = hashlib.sha256(_canonical(value)).digest()
    token = asyncio.run(stamper.async_timestamp(digest, "sha256"))
    space = "http://uri.etsi.org/01903/v1.3.2#"
    properties = next(root.iter(f"{{{space}}}QualifyingProperties"))
    unsigned = etree.SubElement(properties, f"{{{space}}}UnsignedProperties")
    unsigned = etree.SubElement(unsigned, f"{{{space}}}UnsignedSignatureProperties")
    stamp = etree.SubElement(unsigned, f"{{{space}}}SignatureTimeStamp")
    method = etree.SubElement(stamp, "{http://www.w3.org/2000/09/xmldsig#}CanonicalizationMethod")
    method.set("Algorithm", _C14N)
    etree.SubElement(stamp, f"{{{space}}}EncapsulatedTimeStamp").text = b64encode(
        token.dump()
    ).decode()


def container(documents: dict[str, bytes] | None = None, signatures: Sequence[bytes] = ()) -> bytes:
    """Return a container of files and signatures."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.etsi.asic-e+zip", zipfile.ZIP_STORED)
        for name, content in (DOCUMENTS if documents is None else documents).items():
            archive.writestr(name, content)
        for number, one in enumerate(signatures):
            archive.writestr(f"META-INF/signatures{number}.xml", one)
    return made.getvalue()


def signed_container(holder: Holder, **told: Any) -> bytes:
    """Return a container with a request in it, signed."""
    return container(DOCUMENTS, [signature(holder, DOCUMENTS, **told)])


def signed_pdf(holder: Holder, content: bytes, *, stamper: DummyTimeStamper | None = None) -> bytes:
    """Return a PDF with a signature in it."""
    store: Any = SimpleCertificateStore
    signer = signers.SimpleSigner(holder.asn1, holder.asn1_key, store())
    meta = signers.PdfSignatureMetadata(field_name="S", subfilter=SigSeedSubFilter.PADES)
    made = signers.sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(content)), meta, signer, timestamper=stamper
    )
    return bytes(made.getbuffer())


def plain_pdf() -> bytes:
    """Return a PDF that nobody signed."""
    return typst.compile(b"A request.", pdf_standards=["1.7"])
