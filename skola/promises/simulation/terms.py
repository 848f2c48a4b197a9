"""The numbers of a policy's terms: found, shown as fields, and put back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from msgspec import structs

from skola.promises.policy.api import Period, Policy, parse_period
from skola.promises.policy.periods import BadPeriodError
from skola.promises.policy.schema import Retention

PLACES = (("at_most", "period"), ("at_least", "period"), ("then", "within"), ("backstop", "period"))
"""The keys of a retention rule that hold a period."""


@dataclass(frozen=True)
class Number:
    """One period of one retention rule."""

    rule: Retention
    table: str
    """The key of the rule it stands in: ``at_most``."""
    key: str
    period: Period

    @property
    def field(self) -> str:
        """The name of its field; ids have no double underscore."""
        return f"{self.rule.id}__{self.table}"


def numbers_of(policy: Policy) -> Iterator[Number]:
    """Find every period of the retention rules that is a number and a unit."""
    for rule in policy.retention:
        for table, key in PLACES:
            inner = getattr(rule, table)
            text = getattr(inner, key, "") if inner is not None else ""
            try:
                period = parse_period(text) if text else None
            except BadPeriodError:
                continue  # a word, such as "at once"
            if period is not None:
                yield Number(rule, table, key, period)


def with_numbers(policy: Policy, periods: Mapping[str, Period]) -> Policy:
    """Return the policy with other periods, given by the names of their fields."""
    rules = []
    for rule in policy.retention:
        for table, key in PLACES:
            period = periods.get(f"{rule.id}__{table}")
            inner = getattr(rule, table)
            if period is not None and inner is not None:
                inner = structs.replace(inner, **{key: str(period)})
                rule = structs.replace(rule, **{table: inner})
        rules.append(rule)
    return structs.replace(policy, retention=rules)
