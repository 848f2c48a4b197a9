"""The door of ``signatures``."""

from skola.ground.signatures.checking import check, may_be_signed, trusted_here
from skola.ground.signatures.rules import LARGEST, Checked, Signer, Verdict, is_person
from skola.ground.signatures.trust import Trust, trust_in

__all__ = [
    "LARGEST",
    "Checked",
    "Signer",
    "Trust",
    "Verdict",
    "check",
    "is_person",
    "may_be_signed",
    "trust_in",
    "trusted_here",
]
