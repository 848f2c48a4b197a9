"""What workers do every second."""

import threading
from uuid import UUID

import pytest

from conftest import make_tenant
from skola.ground.jobs import pulse
from skola.ground.jobs.registry import Work
from skola.ground.tenants.api import Tenant
from skola.ground.tenants.context import current_id


@pytest.fixture
def beats(monkeypatch: pytest.MonkeyPatch) -> list[Work]:
    found: list[Work] = []
    monkeypatch.setattr(pulse, "_beats", found)
    monkeypatch.setattr(pulse, "SECONDS", 0.01)
    return found


def test_it_beats_for_each_active_tenant_and_failures_stop_nothing(
    tenant: Tenant, other_tenant: Tenant, beats: list[Work]
) -> None:
    idle = make_tenant("idle-school", tenant.created_at)
    Tenant.objects.filter(pk=idle.pk).update(is_active=False)
    seen: list[UUID] = []

    @pulse.every_second
    def fails() -> None:
        raise RuntimeError("this one always fails")

    @pulse.every_second
    def works() -> None:
        seen.append(current_id())

    assert pulse.beat() is False
    assert sorted(seen) == sorted([tenant.pk, other_tenant.pk])
    beats.remove(fails)
    assert pulse.beat() is True


def test_it_beats_beside_the_worker_until_that_ends(
    beats: list[Work], monkeypatch: pytest.MonkeyPatch
) -> None:
    often = threading.Semaphore(0)

    def count() -> bool:
        often.release()
        return True

    monkeypatch.setattr(pulse, "beat", count)
    with pulse.beating():
        assert all(often.acquire(timeout=20) for _ in range(3))

    assert not [thread for thread in threading.enumerate() if thread.name == "pulse"]
