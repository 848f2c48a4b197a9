"""Everything of an academy in one archive, for the client to take along (learnifier-3.2.c).

One file of JSON lines a table, as the database has it, without what opens something for whoever
knows it (passwords, second factors); the stored files as they were uploaded. Where the academy sold
courses, its books too, as tables that a bookkeeper opens.
"""

import json
import tempfile
import zipfile
from contextlib import suppress
from datetime import datetime
from typing import IO, Any

from django.db import connection

from skola.ground.db.purposes import ENGINE, reading_for
from skola.ground.files.api import UNREADABLE, StoredFile, pieces_of
from skola.promises.inventory.api import declarations
from skola.promises.policy.api import has
from skola.services.billing.api import books, zone

ROWS = 1_000
LEFT_OUT = frozenset(
    {"django_session", "mfa_authenticator", "account_emailconfirmation", "billing_cardkeys"}
)
"""Tables of secrets."""


@reading_for(ENGINE)
def archive(*, now: datetime) -> IO[bytes]:
    """Return the archive of the speaking tenant, ready to be read from its beginning."""
    whole = tempfile.TemporaryFile()  # noqa: SIM115  # closed by who sends it
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as packed:
        for one in declarations():
            if one.has_tenant and one.table not in LEFT_OUT:
                with packed.open(f"tables/{one.table}.jsonl", "w") as lines:
                    _write(lines, one.table, set(one.secrets))
        for stored in StoredFile.objects.order_by("pk"):
            with (
                packed.open(f"files/{stored.pk}/{stored.name}", "w") as held,
                suppress(*UNREADABLE),
            ):
                for piece in pieces_of(stored):
                    held.write(piece)
        if has("billing.invoices", now=now):
            for name, content in books(zone(now)):
                packed.writestr(f"books/{name}", content)
    whole.seek(0)
    return whole


def _write(lines: Any, table: str, secrets: set[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f'select to_jsonb(one) from "{table}" as one')  # noqa: S608  # declared
        while rows := cursor.fetchmany(ROWS):
            for (row,) in rows:
                told = json.loads(row) if isinstance(row, str) else row
                kept = {name: value for name, value in told.items() if name not in secrets}
                lines.write(json.dumps(kept, ensure_ascii=False).encode() + b"\n")
