"""Compare what the software sets with what the policy names; for doctor and the truth mark."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from skola.ground.ui.display import COOKIE as DISPLAY
from skola.promises.cookies import rules
from skola.promises.cookies.queries import refusals, register

OWN = (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, DISPLAY)
"""The cookies of the platform whose names no policy chooses."""


@dataclass(frozen=True)
class Finding:
    """A cookie about which software and policy disagree."""

    cookie: str
    problem: str


def examine(*, now: datetime) -> list[Finding]:
    """Return where the register of the speaking tenant and the software disagree; empty is well.

    A cookie that the gate had to take out of an answer in the last 30 days is a finding too.
    """
    found = register(now)
    everything = {rules.NECESSARY, *rules.CLASSES}
    findings = [
        Finding(name, decision.reason)
        for name in OWN
        if not (decision := rules.may_set(name, found, everything)).allowed
    ]
    roles = ["choice"] if found.asked else []
    findings += [
        Finding(role, "no cookie of the register has this role")
        for role in [*roles, "language"]
        if found.with_role(role) is None
    ]
    findings += [
        Finding(name, f"taken out of an answer {times} times")
        for name, times in sorted(refusals().items())
    ]
    return findings
