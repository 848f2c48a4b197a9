"""Tests run under the policy ``ilearn`` with the terms that the test sets."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from skola.ground.tenants.models import Tenant
from skola.promises.policy.load import load
from skola.promises.policy.schema import Policy, Purpose, Retention
from skola.promises.retention import live
from skola.promises.retention.tests import make

POLICIES = Path(__file__).parents[4] / "policies"

SetTerms = Callable[..., None]


@pytest.fixture(scope="session")
def policy_file() -> Policy:
    """A whole policy, whose terms the tests replace."""
    return load(next((POLICIES / "ilearn").glob("*.toml")))


@pytest.fixture
def terms(
    tenant: Tenant, policy_file: Policy, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SetTerms]:
    """Set the terms in force: ``terms(rule, rule, purposes=(…,))``; again to change them."""
    current = [make.with_rules(policy_file, make.rule(at_most=_endless()))]

    def set_terms(*retention: Retention, purposes: tuple[Purpose, ...] = ()) -> None:
        current[0] = make.with_rules(policy_file, *retention, purposes=purposes)

    def in_force(_now: datetime) -> SimpleNamespace:
        return SimpleNamespace(policy=current[0], earlier=())

    monkeypatch.setattr(live, "in_force", in_force)
    yield set_terms
    live.clockworks.cache_clear()


def _endless() -> dict[str, str]:
    return {"period": "100 years", "after": "record.created"}
