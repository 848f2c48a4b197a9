"""The canonical form of a policy and its hash.

Two files that say the same have the same hash, whatever their order, comments and spacing. Keys
that have their default are left out, so a key that a later release adds does not change old hashes.
Consents, notices and audit entries refer to the hash.
"""

import json
from datetime import datetime
from enum import Enum
from functools import cache
from hashlib import sha256
from unicodedata import normalize

from msgspec import NODEFAULT, Struct
from msgspec.structs import FieldInfo, fields

from skola.promises.policy.schema import Policy

Plain = str | int | bool | None | list["Plain"] | dict[str, "Plain"]


def plain(value: object) -> Plain:
    """A value of the policy as plain data: texts in NFC, moments as text, defaults left out."""
    match value:
        case Struct():
            return {
                field.encode_name: plain(getattr(value, field.name))
                for field in _fields(type(value))
                if getattr(value, field.name) != _default(field.default, field.default_factory)
            }
        case Enum():
            return str(value.value)
        case str():
            return normalize("NFC", value)
        case bool() | int() | None:
            return value
        case datetime():
            return value.isoformat()
        case list() | tuple():
            return [plain(each) for each in value]
        case dict():
            return {normalize("NFC", str(key)): plain(each) for key, each in value.items()}
        case _:
            raise TypeError(f"{type(value).__name__} has no place in a policy")


@cache
def _fields(kind: type[Struct]) -> tuple[FieldInfo, ...]:
    return fields(kind)


def _default(default: object, factory: object) -> object:
    return factory() if default is NODEFAULT and callable(factory) else default


def canonical(policy: Policy) -> str:
    """The policy as JSON with sorted keys and without spaces."""
    return json.dumps(plain(policy), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def policy_hash(policy: Policy) -> str:
    """SHA-256 of the canonical form, in hexadecimal digits."""
    return sha256(canonical(policy).encode()).hexdigest()


def part_hash(part: Struct) -> str:
    """SHA-256 of one table, to which a consent refers: the purpose as it was worded then."""
    text = json.dumps(plain(part), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()
