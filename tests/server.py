"""A pytest plugin: one PostgreSQL for the tests, running before Django reads its settings.

The owner makes and migrates the test database; the tests then run under the application's role. It
goes on running, so that the next tests begin sooner; a whole ``python3 run.py test`` stops it.
"""

import os
import shutil
from collections.abc import Sequence
from functools import partial

import psycopg
import slipcover
from psycopg import sql

from skola.ground.db.local import LocalServer
from skola.ground.db.setup import BACKUP, OWNER, prepare
from skola.ground.journal.book import Book
from skola.ground.ui import catalogues
from skola.web.commands.test import DATA

SERVER = LocalServer(DATA / "postgres", durable=False)
JOURNAL = DATA.parent / "test-journal"


def start() -> None:
    """Start the server, or find it running, and set what the settings need."""
    (DATA / "static").mkdir(parents=True, exist_ok=True)
    if "PYTEST_XDIST_WORKER" not in os.environ:
        SERVER.start()
        prepare(SERVER)
        catalogues.compile_all()
        shutil.rmtree(JOURNAL, ignore_errors=True)
        Book(JOURNAL).begin()
    os.environ["SKOLA_DATABASE_URL"] = SERVER.url(OWNER)
    os.environ["SKOLA_OWNER_DATABASE_URL"] = SERVER.url(OWNER)
    os.environ["SKOLA_BACKUP_DATABASE_URL"] = SERVER.url(BACKUP)
    os.environ["SKOLA_SECRET_KEY"] = "for tests only"
    os.environ["SKOLA_DATA"] = str(DATA)
    os.environ["SKOLA_JOURNAL"] = str(JOURNAL)
    os.environ["SKOLA_POLICIES"] = str(DATA.parent.parent / "policies")
    os.environ["SKOLA_DEBUG"] = "yes"
    os.environ["SKOLA_DEMO"] = "yes"
    os.environ["SKOLA_MAIL_BACKEND"] = "django.core.mail.backends.locmem.EmailBackend"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def empty(database: str, tables: Sequence[str]) -> None:
    """Empty the tables of a database in which a test with real transactions wrote.

    Few have rows; TRUNCATE, as Django does it, makes new files for each of the 300 and their
    indexes. No trigger is asked, no wall stands in the way, just as with TRUNCATE.
    """
    with psycopg.connect(SERVER.url("postgres", database)) as connection:
        connection.execute("set session_replication_role = replica")
        filled = connection.execute(
            "select relname from pg_class where relnamespace = 'public'::regnamespace"
            " and relname = any(%s) and pg_relation_size(oid) > 0",
            [list(tables)],
        ).fetchall()
        for (table,) in filled:
            connection.execute(sql.SQL("delete from {}").format(sql.Identifier(table)))


start()
if "PYTEST_XDIST_WORKER" in os.environ:
    # slipcover forgets --immediate in workers, and searches the house for probes to take out,
    # which takes as long as the tests
    vars(slipcover).update(Slipcover=partial(slipcover.Slipcover, immediate=True))
