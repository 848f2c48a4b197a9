"""Containers ASiC-E and eDoc: a zip of files, and in ``META-INF`` XAdES signatures over them."""

import hashlib
import io
import re
import zipfile
import zlib
from base64 import b64decode
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from asn1crypto import cms
from asn1crypto import x509 as asn1
from cryptography import x509
from lxml import etree
from signxml.algorithms import CanonicalizationMethod
from signxml.exceptions import SignXMLException
from signxml.xades.xades import XAdESSignatureConfiguration, XAdESVerifier

from skola.ground.signatures.rules import MOST_FILES, UNPACKED, FileError, Verdict
from skola.ground.signatures.signed import Signed

_NAMES = {
    "ds": "http://www.w3.org/2000/09/xmldsig#",
    "xades": "http://uri.etsi.org/01903/v1.3.2#",
}
_SIGNATURES = re.compile(r"META-INF/[^/]*signatures?[^/]*\.xml", re.IGNORECASE)
_XML_LARGEST = 5 * 2**20
_RATIO = 200
"""A file that unpacks to more than this many times its size, and over a megabyte, is a bomb."""


def signatures_of(content: bytes) -> list[Signed]:
    """Return the signatures of a container, each over every file in it. Raises FileError."""
    files = _unpacked(content)
    signed = {name for name in files if name != "mimetype" and not name.startswith("META-INF/")}
    found = [
        _verified(one, files, signed)
        for name in sorted(files)
        if _SIGNATURES.fullmatch(name)
        for one in _elements(files[name])
    ]
    if found and not signed:
        raise FileError(Verdict.BROKEN)
    return found


def _unpacked(content: bytes) -> dict[str, bytes]:
    """Every file of a zip, by its name. What it says of its sizes is not believed."""
    files: dict[str, bytes] = {}
    left = UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [one for one in archive.infolist() if not one.is_dir()]
            if len(entries) > MOST_FILES:
                raise FileError(Verdict.HARMFUL)
            for entry in entries:
                if entry.filename in files or entry.flag_bits & 1:
                    raise FileError(Verdict.UNREADABLE)
                most = min(left, max(2**20, entry.compress_size * _RATIO))
                with archive.open(entry) as opened:
                    read = opened.read(most + 1)
                if len(read) > most:
                    raise FileError(Verdict.HARMFUL)
                left -= len(read)
                files[entry.filename] = read
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        EOFError,
        OSError,
        ValueError,
    ) as e:
        raise FileError(Verdict.UNREADABLE) from e
    return files


def _elements(text: bytes) -> Iterator[Any]:
    """The signatures of one file. A document type is refused: no honest signature has one."""
    if len(text) > _XML_LARGEST:
        raise FileError(Verdict.HARMFUL)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(text, parser)
    except etree.XMLSyntaxError as problem:
        harmful = b"<!DOCTYPE" in text or b"<!ENTITY" in text
        raise FileError(Verdict.HARMFUL if harmful else Verdict.UNREADABLE) from problem
    told = root.getroottree().docinfo
    if told.internalDTD is not None or told.externalDTD is not None or told.doctype:
        raise FileError(Verdict.HARMFUL)
    yield from root.iter("{http://www.w3.org/2000/09/xmldsig#}Signature")


def _verified(element: Any, files: dict[str, bytes], wanted: set[str]) -> Signed:
    """Check one signature: that it fits, and that nothing in the container lies outside of it."""
    covered: set[str] = set()

    def read(address: str) -> bytes | None:
        name = unquote(address)
        covered.add(name)
        return files.get(name)

    try:
        certificates = [b64decode(one.text or "") for one in _all(element, "ds:X509Certificate")]
        if not certificates:
            raise FileError(Verdict.BROKEN)
        signer = x509.load_der_x509_certificate(certificates[0])
        XAdESVerifier().verify(
            etree.fromstring(etree.tostring(element, with_tail=False)),
            x509_cert=signer,
            uri_resolver=read,
            expect_config=XAdESSignatureConfiguration(
                expect_references=True, verification_time=signer.not_valid_before_utc
            ),
        )
    except (SignXMLException, etree.LxmlError, ValueError, TypeError, AttributeError) as problem:
        raise FileError(Verdict.BROKEN) from problem
    if not wanted <= covered:
        raise FileError(Verdict.BROKEN)
    return _with_evidence(element, certificates)


def _with_evidence(element: Any, certificates: list[bytes]) -> Signed:
    """The signature, with the certificates, lists, answers and stamp that its file brings along."""
    others = [
        *certificates[1:],
        *_values(element, "xades:CertificateValues/xades:EncapsulatedX509Certificate"),
    ]
    stamp = next(
        iter(_values(element, "xades:SignatureTimeStamp/xades:EncapsulatedTimeStamp")), None
    )
    try:
        return Signed(
            asn1.Certificate.load(certificates[0]),
            tuple(asn1.Certificate.load(one) for one in others),
            tuple(_values(element, "xades:CRLValues/xades:EncapsulatedCRLValue")),
            tuple(_values(element, "xades:OCSPValues/xades:EncapsulatedOCSPValue")),
            cms.ContentInfo.load(stamp)["content"] if stamp else None,
            lambda algorithm: hashlib.new(algorithm, _stamped(element)).digest(),
        )
    except ValueError as problem:
        raise FileError(Verdict.BROKEN) from problem


def _stamped(element: Any) -> bytes:
    """What a time stamp is about: the canonical value of the signature (EN 319 132-1, 5.3)."""
    method = element.find(
        ".//xades:SignatureTimeStamp/ds:CanonicalizationMethod", namespaces=_NAMES
    )
    told = method.get("Algorithm", "") if method is not None else ""
    way = CanonicalizationMethod(told) if told else CanonicalizationMethod.CANONICAL_XML_1_0
    value = element.find("ds:SignatureValue", namespaces=_NAMES)
    exclusive = "xml-exc-c14n" in way.value
    comments = way.value.endswith("WithComments")
    canonical: bytes = etree.tostring(
        value, method="c14n", exclusive=exclusive, with_comments=comments, with_tail=False
    )
    return canonical


def _all(element: Any, path: str) -> list[Any]:
    found: list[Any] = element.findall(f".//{path}", namespaces=_NAMES)
    return found


def _values(element: Any, path: str) -> list[bytes]:
    return [b64decode(one.text or "") for one in _all(element, path)]
