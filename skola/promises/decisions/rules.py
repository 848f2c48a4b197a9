"""Who decides: the software, or a person."""

from collections.abc import Container
from enum import StrEnum

LEGAL = "legal"


class Because(StrEnum):
    """Why a person decides, and not the software."""

    NO_GROUND = "no-ground"
    OBJECTION = "objection"


def left_to_a_person(
    *, effect: str, allowed_on: Container[str], ground: str, is_stopped: bool
) -> Because | None:
    """Return why a person decides; None where the software may.

    Who objected is never decided about by the software. What has legal effect needs a ground that
    the policy allows (GDPR Art. 22(2)). Source: ilearn-13.b, ilearn-14.
    """
    if is_stopped:
        return Because.OBJECTION
    if effect == LEGAL and ground not in allowed_on:
        return Because.NO_GROUND
    return None
