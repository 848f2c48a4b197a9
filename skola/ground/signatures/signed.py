"""A signature as a file holds it, once it is known to fit what is signed."""

from collections.abc import Callable
from dataclasses import dataclass

from asn1crypto import cms, x509


@dataclass(frozen=True)
class Signed:
    """The certificate that signed, and whatever the file brings along to judge it by."""

    certificate: x509.Certificate
    others: tuple[x509.Certificate, ...] = ()
    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()
    stamp: cms.SignedData | None = None
    """A time stamp over the signature (RFC 3161)."""
    stamped: Callable[[str], bytes] | None = None
    """Returns the digest, by an algorithm, of what the stamp has to be about."""
