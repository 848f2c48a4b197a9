"""What goes to a provider of signatures and comes back."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


@dataclass(frozen=True)
class Who:
    """Somebody who is to sign; ``told`` is what they answered to the provider's question."""

    given_name: str
    family_name: str
    born_on: date | None = None
    told: str = ""

    @property
    def name(self) -> str:
        """The name as people write it."""
        return f"{self.given_name} {self.family_name}".strip()


@dataclass(frozen=True)
class Credential:
    """A certificate (DER) with those above it, and what the provider needs to know it again."""

    certificate: bytes
    others: tuple[bytes, ...] = ()
    handle: object = None


class NotProvided(StrEnum):
    """Why a provider gave nothing."""

    UNKNOWN = "unknown"
    """It knows nobody by what it was told."""
    REFUSED = "refused"
    """The person did not agree, or not in time."""
    UNREACHABLE = "unreachable"


class ProviderError(Exception):
    """A provider gave nothing; ``reason`` says why."""

    def __init__(self, reason: NotProvided) -> None:
        super().__init__(str(reason))
        self.reason = reason
