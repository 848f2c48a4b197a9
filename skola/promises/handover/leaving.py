"""What the seller keeps of a service that went over: nothing, but the proof that it did.

Runs as the owner of the tables. Rows go in one transaction, with the keys of all files; objects go
after it. The audit stays for its own terms: it holds no names, and proves what was done.
"""

from collections import Counter
from datetime import datetime

from django.db import connection

from skola.ground.audit import api as audit
from skola.ground.db.walls import tenant_tables
from skola.ground.files import api as files
from skola.ground.jobs import api as jobs
from skola.ground.journal import api as journal
from skola.ground.tenants.api import current_id
from skola.promises.handover.models import Handover
from skola.promises.handover.queries import who_objected
from skola.promises.handover.staying import HERE, Staying
from skola.promises.inventory.api import declarations
from skola.promises.retention.api import as_engine

ERASED = "handover.copy.erased"
CLAUSES = "learnifier-15, ema-7.3.2"
KEPT = frozenset(
    {
        "audit_entry",
        "audit_head",
        "files_doomedobject",
        "handover_handover",
        "handover_arrival",
        "rights_erasure",
    }
)
"""The proof, the event itself, receipts without names, and objects still to be deleted."""
ROUNDS = 5
"""Triggers write rows while others go; then those go, too."""


class NotEmptyError(RuntimeError):
    """Rows were still there after several rounds; nothing was erased."""


def erase_copy(told: Handover, *, by: str, now: datetime) -> Handover:
    """Erase everything of the speaking tenant, and return the hand-over with its numbers.

    What a law keeps of people who objected stays for its term. Safe to repeat: what was begun is
    finished. Raises NotEmptyError.
    """
    if told.erased_at is None:
        with as_engine(now):
            _erase(told, by=by, now=now)
    files.erase_objects(now=now)
    tenant = current_id()
    files.forget_keys(tenant)
    for use in audit.secrets_of(tenant):
        audit.drop_secret(tenant, use)
    return told


def _erase(told: Handover, *, by: str, now: datetime) -> None:
    staying = Staying(sorted(who_objected()))
    counts: Counter[str] = Counter()
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from files_objectkey")
        row = cursor.fetchone()
        objects = int(row[0]) if row else 0
    for _round in range(ROUNDS):
        went = _everything(staying)
        if not went:
            break
        counts.update(went)
    else:
        raise NotEmptyError("Rows were still found after several rounds: nothing was erased.")
    _jobs()
    told.erased_at = now
    told.erased = {**dict(sorted(counts.items())), "files": objects}
    told.kept = _kept()
    told.save(update_fields=["erased_at", "erased", "kept"])
    detail = {"receipt": told.archive, "handover": str(told.pk)}
    journal.write("handover.erased", subject=None, at=now, detail=detail)
    audit.record(
        ERASED,
        target=told,
        by=by,
        at=now,
        clause=CLAUSES,
        detail={
            "event": told.kind,
            "agreed_on": told.agreed_on.isoformat(),
            "document": told.document,
            "archive": told.archive,
            "rows": sum(counts.values()),
            "files": objects,
            "kept": told.kept,
        },
    )


def _everything(staying: Staying) -> dict[str, int]:
    """Delete what does not stay, table by table; keys are checked when the transaction ends."""
    went = {}
    keys = {one.table: one.key for one in declarations()}
    with connection.cursor() as cursor:
        for table in sorted(tenant_tables(cursor) - KEPT):
            key = keys.get(table, "id")
            test = (
                f" t where not exists (select from {HERE} here where here.tbl = '{table}'"
                f' and here.id = t."{key}"::text)'
                if staying.people
                else ""
            )
            cursor.execute(f'delete from "{table}"{test}')
            if cursor.rowcount:
                went[table] = cursor.rowcount
    return went


def _kept() -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"select count(*) from {HERE}")
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def _jobs() -> None:
    """Drop what waits in the queue for this tenant, and what the cache has of it."""
    tenant = str(current_id())
    with connection.cursor() as cursor:
        cursor.execute(
            "delete from procrastinate_jobs where args->>'tenant' = %s and status <> 'doing'",
            [tenant],
        )
        cursor.execute("delete from skola_cache where starts_with(cache_key, %s)", [f"{tenant}:"])
    jobs.enqueue("files.erase_objects", key="all")
