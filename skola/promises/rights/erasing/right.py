"""What the policy in force says of the right of erasure."""

from dataclasses import dataclass
from datetime import datetime

from skola.promises.policy.api import in_force

ERASURE = "erasure"


@dataclass(frozen=True)
class ErasureRight:
    """By when it is answered, under which clauses, and by which routes it is asked for."""

    deadline: str
    clauses: tuple[str, ...]
    channels: tuple[str, ...]

    @property
    def by_account(self) -> bool:
        """Whether who is signed in (and says once more who they are) decides it alone."""
        return "account" in self.channels


def erasure_right(now: datetime) -> ErasureRight | None:
    """Return the right of erasure of the speaking tenant's policy; None where it has none.

    Raises NoPolicyError.
    """
    policy = in_force(now).policy
    given = [right for right in policy.right if ERASURE in right.kinds]
    if not given:
        return None
    routes = policy.right_process.submit if policy.right_process else []
    return ErasureRight(
        deadline=given[0].deadline,
        clauses=tuple(clause for right in given for clause in right.clause),
        channels=tuple(route.channel for route in routes),
    )
