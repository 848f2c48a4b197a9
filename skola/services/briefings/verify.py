"""Verify an evidence file without the service that made it.

    python3 verify.py EVIDENCE.json KEY

KEY is a file with the public key of the service, as it stands at /briefings/key/ there. Needs
Python 3.11 or newer and the package "cryptography". Says what is proven, or what is not.
"""

import base64
import hashlib
import json
import sys
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


def verify(file: dict[str, Any], keys: Keys) -> list[str]:
    """What the file proves, line by line."""
    evidence = file["evidence"]
    sealed = opened(file["seal"], keys, "skola-evidence/1")
    demand(sealed == sha256(evidence), "the file was altered")
    proven = []
    for record in evidence["records"]:
        where = f"record {record['number']}"
        text = evidence["texts"][record["text"]]
        demand(sha256(text) == record["text"], f"{where}: the text was altered")
        sides = set()
        for note in record["signatures"]:
            said = json.loads(opened(note, keys, "skola-signature/1"))
            for name, value in (("record", record["number"]), ("day", record["day"])):
                demand(said[name] == value, f"{where}: a signature with another {name}")
            demand(said["text"] == record["text"], f"{where}: a signature under another text")
            about = said["instructed"]["number"], said["company"]
            there = record.get("instructed", evidence["person"]["number"]), evidence["company"]
            demand(about == there, f"{where}: a signature about somebody else")
            sides.add(said["side"])
            proven.append(
                f"{where}: {said['signer']['name']} ({said['side']}) signed {text['title']!r},"
                f" version {text['version']}, at {said['at']}"
            )
        if sides != {"instructed", "instructor"}:
            proven.append(f"{where}: HALF MISSING, this record proves no briefing")
    return proven


def main(evidence: str, key: str) -> None:
    """Read both files and say what is proven; the exit code is 1 where something is not."""
    keys: Keys = {}
    with open(key, encoding="utf-8") as lines:
        for line in lines.read().split():
            name, number, raw = line.split("+", 2)
            keys[name, number] = base64.b64decode(raw)[1:]
    with open(evidence, encoding="utf-8") as file:
        try:
            proven = verify(json.load(file), keys)
        except InvalidSignature:
            sys.exit("NOT PROVEN: a seal does not fit")
        except (KeyError, TypeError, ValueError) as problem:
            sys.exit(f"NOT PROVEN: {problem}")
    sys.stdout.write("\n".join([*proven, "Proven: every seal fits, nothing was altered.", ""]))


if __name__ == "__main__":
    main(*sys.argv[1:])
