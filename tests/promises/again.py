"""What a job leaves behind: everything in the database that people notice, mails, and objects."""

import json
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core import mail
from django.db import connection, transaction

from skola.ground.db.purposes import ENGINE, reading_for
from skola.ground.journal import api as journal
from skola.ground.journal.rules import Event
from skola.promises.inventory.api import declarations

WHOLE = {"retention_fact", "retention_statefact"}
"""Tables whose every moment counts: terms are counted from them."""
ABOUT_A_RUN = {
    "retention_sweep",
    "retention_terms",
    "retention_timekeeping",
    "journal_position",
    "audit_head",
    "skola_cache",
}
"""Tables that tell of each run, so they differ."""


@dataclass(frozen=True)
class State:
    """What is there: rows that were there before, as they are now; how many others; the rest."""

    before: dict[tuple[str, str], dict[str, Any]]
    since: Counter[tuple[str, str]]
    mails: list[tuple[tuple[str, ...], str]]
    journal: Counter[str]
    objects: Counter[str]


class Watched:
    """The state from which several runs begin, each of which is undone again."""

    def __init__(self) -> None:
        self.known = set(_rows())
        self.objects = set(_objects())
        self.kept = Path(settings.DATA).parent / "kept"
        shutil.copytree(settings.DATA, self.kept)

    @contextmanager
    def run(self, *beside: str) -> Iterator[list[State]]:
        """Begin from that state; the list holds what there was in the end.

        What was written into the tables ``beside`` does not count.
        """
        found: list[State] = []
        mail.outbox.clear()
        lines = len(journal.book().lines())
        with transaction.atomic():
            yield found
            told = [one.told for one in journal.book().lines()[lines:]]
            kinds = Counter(one.kind for one in told if isinstance(one, Event))
            found.append(self._state(kinds, beside))
            transaction.set_rollback(True)
        shutil.rmtree(settings.DATA)
        shutil.copytree(self.kept, settings.DATA)

    def _state(self, kinds: Counter[str], beside: tuple[str, ...]) -> State:
        rows = _rows()
        counting, known = _counting(), {key for _, key in self.known}
        return State(
            before={
                key: {name: _nameless(row[name], known) for name in row if name in counting[key[0]]}
                for key, row in rows.items()
                if key in self.known
            },
            since=Counter(
                (table, str(row.get("kind", row.get("task_name", ""))))
                for (table, key), row in rows.items()
                if (table, key) not in self.known and table not in beside
            ),
            mails=sorted((tuple(one.to), str(one.subject)) for one in mail.outbox),
            journal=kinds,
            objects=Counter(one if one in self.objects else "another" for one in _objects()),
        )


def _rows() -> dict[tuple[str, str], dict[str, Any]]:
    """Every row by table and key; of the queue, only what waits.

    Read are the tables in which this transaction, which is the test, has written: a statement of
    all takes the server ten times as long to plan as to answer.
    """
    tables = {one.table: one.key for one in declarations()}
    written = _written()
    texts = [
        f'select \'{table}\', "{key}"::text, to_jsonb(t) from "{table}" t'
        for table, key in sorted(tables.items())
        if table in written and table not in ABOUT_A_RUN and not table.startswith("procrastinate_")
    ]
    texts.append(
        "select 'queue', id::text, jsonb_build_object('status', status, 'task_name', task_name)"
        " from procrastinate_jobs"
    )
    with reading_for(ENGINE), connection.cursor() as cursor:
        cursor.execute(" union all ".join(texts))
        return {(table, key): json.loads(row) for table, key, row in cursor.fetchall()}


def _written() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select relname from pg_stat_xact_user_tables"
            " where n_tup_ins + n_tup_upd + n_tup_del > 0"
        )
        return {table for (table,) in cursor.fetchall()}


def _counting() -> dict[str, set[str]]:
    """Of each table the columns that matter: all but moments from which no term is counted."""
    found: dict[str, set[str]] = {"queue": {"status", "task_name"}}
    for model in apps.get_models():
        table = model._meta.db_table
        moments = {
            str(one.column)
            for one in model._meta.concrete_fields
            if one.get_internal_type() == "DateTimeField"
        }
        found[table] = {str(one.column) for one in model._meta.concrete_fields} - moments
        if table in WHOLE:
            found[table] |= moments
    for one in declarations():
        ends = [*one.anchors.values(), *one.states.values()]
        own = {path.column for path in ends if not path.hops}
        found[one.table] = found.get(one.table, {*one.columns, *one.not_personal}) | own
    return found


_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def _nameless(value: Any, known: set[str]) -> Any:
    """A value without the identifiers of rows that came since: each run draws its own."""
    text = json.dumps(value)
    return _ID.sub(lambda found: found[0] if found[0] in known else "another", text)


def _objects() -> list[str]:
    return [one.name for one in Path(settings.DATA).rglob("objects/**/*") if one.is_file()]
