"""Whether children are reported under a policy, and within which time staff decide."""

from skola.promises.policy.periods import Period, parse
from skola.promises.policy.schema import Ceiling, Latest, Policy

REPORTED = "minor.reported"
"""From when the policy counts how long a reported child may be here."""
REFUSES = "refuse"
AT_THE_LATEST = "7 days"


def are_reported(policy: Policy) -> bool:
    """Whether somebody below an age has no business here, and anybody may say that they are."""
    return policy.minors.policy == REFUSES and bool(policy.minors.report_by)


def decided_within(policy: Policy) -> Period:
    """Return how long staff have to decide: what the policy promises, else seven days.

    It is the shortest term of the retention rules that count from a report (learnifier-14.c).
    """
    ceilings = [rule.at_most for rule in policy.retention if rule.at_most is not None]
    found = [parse(one.period) for one in ceilings if REPORTED in _events(one)]
    return min(found, key=lambda one: one.longest_days, default=parse(AT_THE_LATEST))


def _events(ceiling: Ceiling) -> list[str]:
    after = ceiling.after
    return after.latest if isinstance(after, Latest) else [after]
