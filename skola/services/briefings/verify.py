"""Verify an evidence file without the service that made it.

    python3 verify.py EVIDENCE.json KEY [AUTHORITIES.pem]

KEY is a file with the public key of the service, as it stands at /briefings/key/ there. Needs
Python 3.11 or newer and the package "cryptography". Where records were signed with certificates it
needs "pyhanko" too, and AUTHORITIES, the certificates of the authorities that you trust: take them
from a trusted list, not from who gave you the file. Says what is proven, or what is not.
"""

import base64
import hashlib
import io
import json
import sys
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

Keys = dict[tuple[str, str], bytes]


def sha256(facts: Any) -> str:
    """The hash of facts as JSON, sorted and without spaces."""
    told = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()


def demand(true: bool, words: str) -> None:
    """Stop where something is not as it has to be."""
    if not true:
        raise ValueError(words)


def opened(note: str, keys: Keys, kind: str) -> str:
    """The line under a seal, once the seal is proven (c2sp.org/signed-note, Ed25519)."""
    text, _, seal = note.rpartition("\n\n")
    _, name, signature = seal.strip().split(" ")
    raw = base64.b64decode(signature)
    key = Ed25519PublicKey.from_public_bytes(keys[name, raw[:4].hex()])
    key.verify(raw[4:], f"{text}\n".encode())
    first, line = text.split("\n")
    demand(first == kind, f"this is no {kind}")
    return line


def certified(
    document: str, said: list[dict[str, Any]], authorities: bytes, where: str
) -> list[str]:
    """What the signed PDF of a record proves (PAdES): by whose certificate each side signed it."""
    try:
        from asn1crypto import pem, x509
        from pyhanko.pdf_utils.misc import PdfError
        from pyhanko.pdf_utils.reader import PdfFileReader
        from pyhanko.sign.validation import validate_pdf_signature
        from pyhanko.sign.validation.errors import SignatureValidationError
        from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
        from pyhanko_certvalidator import ValidationContext
    except ImportError as problem:
        raise ValueError(f"{where} was signed with certificates: install pyhanko") from problem
    demand(bool(authorities), f"{where} was signed with certificates: say whom you trust")
    roots = [x509.Certificate.load(der) for _, _, der in pem.unarmor(authorities, multiple=True)]
    pdf = base64.b64decode(document)
    demand(said[-1]["document"] == hashlib.sha256(pdf).hexdigest(), f"{where}: another document")
    try:
        found = {one.field_name: one for one in PdfFileReader(io.BytesIO(pdf)).embedded_signatures}
    except PdfError as problem:
        raise ValueError(f"{where}: the PDF cannot be read") from problem
    demand(found.keys() == {one["side"] for one in said}, f"{where}: other signatures")
    proven = []
    for one in said:
        signature = found[one["side"]]
        stamp = next(iter(extract_tst_data_iter(signature.signer_info, signed=False)), None)
        told = stamp["encap_content_info"]["content"].parsed["gen_time"].native if stamp else None
        moment = told or datetime.fromisoformat(one["at"])
        good: dict[str, Any] = {"trust_roots": roots, "allow_fetching": False}
        then = ValidationContext(**good, moment=moment, retroactive_revinfo=True)
        try:
            status = validate_pdf_signature(signature, then, ValidationContext(**good))
        except SignatureValidationError as problem:
            raise ValueError(f"{where}: {problem}") from problem
        demand(status.bottom_line, f"{where}: the certificate of the {one['side']} proves nothing")
        certificate = signature.signer_cert
        demand(
            hashlib.sha256(certificate.dump()).hexdigest() == one["certificate"],
            f"{where}: a certificate of somebody else",
        )
        kind = "with a time stamp" if stamp else "without a time stamp"
        proven.append(
            f"{where}: {certificate.subject.native.get('common_name', '')} ({one['side']}) signed"
            f" the PDF by certificate of {certificate.issuer.native.get('common_name', '')},"
            f" {kind}, {moment.isoformat()}"
        )
    return proven


def verify(file: dict[str, Any], keys: Keys, authorities: bytes = b"") -> list[str]:
    """What the file proves, line by line."""
    evidence = file["evidence"]
    sealed = opened(file["seal"], keys, "skola-evidence/1")
    demand(sealed == sha256(evidence), "the file was altered")
    proven = []
    for record in evidence["records"]:
        where = f"record {record['number']}"
        text = evidence["texts"][record["text"]]
        demand(sha256(text) == record["text"], f"{where}: the text was altered")
        sides, certificates = set(), []
        for note in record["signatures"]:
            said = json.loads(opened(note, keys, "skola-signature/1"))
            for name, value in (("record", record["number"]), ("day", record["day"])):
                demand(said[name] == value, f"{where}: a signature with another {name}")
            demand(said["text"] == record["text"], f"{where}: a signature under another text")
            about = said["instructed"]["number"], said["company"]
            there = record.get("instructed", evidence["person"]["number"]), evidence["company"]
            demand(about == there, f"{where}: a signature about somebody else")
            sides.add(said["side"])
            certificates += [said] if said["method"] == "pades" else []
            proven.append(
                f"{where}: {said['signer']['name']} ({said['side']}) signed {text['title']!r},"
                f" version {text['version']}, at {said['at']}"
            )
        demand(bool(certificates) == ("document" in record), f"{where}: the PDF is missing")
        if certificates:
            proven += certified(record["document"], certificates, authorities, where)
        if sides != {"instructed", "instructor"}:
            proven.append(f"{where}: HALF MISSING, this record proves no briefing")
    return proven


def main(evidence: str, key: str, authorities: str = "") -> None:
    """Read the files and say what is proven; the exit code is 1 where something is not."""
    keys: Keys = {}
    with open(key, encoding="utf-8") as lines:
        for line in lines.read().split():
            name, number, raw = line.split("+", 2)
            keys[name, number] = base64.b64decode(raw)[1:]
    trusted = b""
    if authorities:
        with open(authorities, "rb") as certificates:
            trusted = certificates.read()
    with open(evidence, encoding="utf-8") as file:
        try:
            proven = verify(json.load(file), keys, trusted)
        except InvalidSignature:
            sys.exit("NOT PROVEN: a seal does not fit")
        except (AttributeError, LookupError, TypeError, ValueError) as problem:
            sys.exit(f"NOT PROVEN: {problem}")
    sys.stdout.write("\n".join([*proven, "Proven: every seal fits, nothing was altered.", ""]))


if __name__ == "__main__":
    main(*sys.argv[1:])
