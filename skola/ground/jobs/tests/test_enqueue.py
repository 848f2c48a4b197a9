from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from skola.ground.jobs.api import UnknownJobError, clear_finished, enqueue, waiting
from skola.ground.jobs.registry import enqueue_for_each_tenant
from skola.ground.tenants.api import NoTenantError, Tenant, inside

A_DAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
AN_ID = UUID("01890000-0000-7000-8000-000000000000")


def test_a_job_carries_its_tenant_and_plain_values(tenant: Tenant) -> None:
    assert enqueue("test.note", about=AN_ID, at=A_DAY, count=3)
    job = ProcrastinateJob.objects.get()
    assert job.args["tenant"] == str(tenant.pk)
    assert waiting() == [{"about": str(AN_ID), "at": A_DAY.isoformat(), "count": 3}]


def test_a_job_exists_only_when_its_cause_does(tenant: Tenant) -> None:
    with transaction.atomic():
        enqueue("test.note")
        transaction.set_rollback(True)
    assert waiting() == []


def test_with_a_key_the_same_job_waits_once_and_the_transaction_goes_on(
    tenant: Tenant, other_tenant: Tenant
) -> None:
    with transaction.atomic():
        first = enqueue("test.note", key="a", count=1)
        again = enqueue("test.note", key="a", count=2)
        other_key = enqueue("test.note", key="b", count=3)
        assert Tenant.objects.count() == 2
    with inside(other_tenant.pk):
        elsewhere = enqueue("test.note", key="a", count=4)
    assert [first, again, other_key, elsewhere] == [True, False, True, True]
    assert waiting() == [{"count": 1}, {"count": 3}]


def test_an_unknown_job_is_refused_when_it_is_enqueued(tenant: Tenant) -> None:
    with pytest.raises(UnknownJobError, match=r"test\.typo"):
        enqueue("test.typo")


def test_outside_of_any_tenant_nothing_is_enqueued(db: None) -> None:
    with pytest.raises(NoTenantError):
        enqueue("test.note")


def test_a_round_enqueues_one_job_for_each_active_tenant(
    tenant: Tenant, other_tenant: Tenant
) -> None:
    Tenant.objects.create(slug="closed", name="closed", created_at=A_DAY, is_active=False)
    enqueue_for_each_tenant("test.note")
    enqueue_for_each_tenant("test.note")
    tenants = {job.args["tenant"] for job in ProcrastinateJob.objects.all()}
    assert (tenants, ProcrastinateJob.objects.count()) == (
        {str(tenant.pk), str(other_tenant.pk)},
        2,
    )


def test_a_job_can_wait_for_its_time(tenant: Tenant) -> None:
    later = A_DAY + timedelta(days=3000)
    enqueue("test.note", run_at=later)
    assert ProcrastinateJob.objects.get().scheduled_at == later


def test_failed_jobs_are_kept_for_a_week(tenant: Tenant) -> None:
    from django.db import connection

    for _ in range(3):
        enqueue("test.note")
    new, old, _waiting = ProcrastinateJob.objects.order_by("id")
    with connection.cursor() as cursor:
        cursor.execute(
            "update procrastinate_jobs set status = 'failed' where id in (%s, %s)", [new.pk, old.pk]
        )
        cursor.execute(
            "update procrastinate_events set at = now() - interval '8 days' where job_id = %s",
            [old.pk],
        )
    clear_finished()
    left = dict(ProcrastinateJob.objects.values_list("id", "status"))
    assert left == {new.pk: "failed", _waiting.pk: "todo"}
