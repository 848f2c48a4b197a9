"""Packing a tenant into an archive: rows, files, keys, policies, and a signed list of all of them.

The archive is a ZIP inside a seal (``sealing``). Its manifest has the number of rows and the digest
of every file, and stands with the signature of the key that signs the seller's audit.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from skola.ground.audit import api as audit
from skola.ground.db.purposes import ENGINE, reading_for
from skola.ground.files import api as files
from skola.ground.tenants.api import Host, Tenant, current_id
from skola.promises.handover import tables
from skola.promises.handover.models import Handover
from skola.promises.handover.rules import FORMAT, totals
from skola.promises.handover.sealing import Sealing, Taker
from skola.promises.handover.staying import OUT, Staying
from skola.promises.policy.api import in_force

MANIFEST, SIGNATURE = "manifest.json", "manifest.note"
FILES = "files_storedfile"
PIECE = 1 << 20


class _Packed:
    """An archive that is being written: each file with its digest."""

    def __init__(self, into: zipfile.ZipFile) -> None:
        self.into = into
        self.files: dict[str, dict[str, Any]] = {}
        self.counts: dict[str, int] = {}

    def add(self, name: str, parts: Iterable[bytes]) -> None:
        digest, size = hashlib.sha256(), 0
        with self.into.open(name, "w", force_zip64=True) as out:
            for part in parts:
                out.write(part)
                digest.update(part)
                size += len(part)
        self.files[name] = {"sha256": digest.hexdigest(), "size": size}


def pack(
    told: Handover, people: Iterable[UUID], taker: Taker, into: IO[bytes], *, now: datetime
) -> tuple[str, dict[str, int]]:
    """Write the archive of the speaking tenant, and return its SHA-256 and what is in it, by table.

    The rows of ``people`` are left out. It is of one moment. Raises KeyLostError, LogKeyError.
    """
    tenant = Tenant.objects.get(pk=current_id())
    about = {"tenant": tenant.slug, "archive": str(told.pk), "made_at": now.isoformat()}
    sealed = Sealing(into, taker, about)
    with _one_moment(), zipfile.ZipFile(sealed, "w", zipfile.ZIP_DEFLATED) as whole:
        staying = Staying(sorted(people))
        packed = _Packed(whole)
        shapes = {one: _table(packed, one, staying) for one in tables.moving()}
        _files(packed, staying)
        _secrets(packed, tenant.pk, staying)
        _policies(packed, tenant.slug)
        manifest = _manifest(told, tenant, packed, shapes, now)
        text = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
        packed.add(MANIFEST, [text])
        note = f"{FORMAT}\n{hashlib.sha256(text).hexdigest()}\n"
        packed.add(SIGNATURE, [audit.log_signer().sign(note).encode()])
    return sealed.end(), packed.counts


@contextmanager
def _one_moment() -> Iterator[None]:
    """Read as the engine, and all of it as of one moment; inside a transaction, as that one."""
    with reading_for(ENGINE):
        begins = not connection.in_atomic_block
        wrapper: Any = connection
        wrapper.tell()  # before the transaction, in which its isolation must come first
        with transaction.atomic():
            if begins:
                with connection.cursor() as cursor:
                    cursor.execute("set transaction isolation level repeatable read")
            yield


def _table(packed: _Packed, table: str, staying: Staying) -> list[str]:
    """Add the rows of a table that go, and return its columns."""
    found = tables.columns(table)
    emptied = {one.column: one for one in staying.emptied(table)} if staying.people else {}
    shown = []
    for column in found:
        key = emptied.get(column.name)
        said = f't."{column.name}"'
        if key is not None:
            gone = f"select id from {OUT} where tbl = '{key.target}'"
            said = f"case when {said}::text in ({gone}) then null else {said} end"
        shown.append(said)
    test = ""
    if staying.people:
        key_column = staying.key_of(table)
        test = (
            f" where not exists (select from {OUT} out where out.tbl = '{table}'"
            f' and out.id = t."{key_column}"::text)'
        )
    order = tables.order_of(table)
    query = f'select {", ".join(shown)} from "{table}" t{test} order by {order}'
    count = 0

    def counted() -> Iterator[bytes]:
        nonlocal count
        for part in tables.copied_out(query):
            count += part.count(b"\n")
            yield part

    packed.add(f"tables/{table}", counted())
    packed.counts[table] = count
    return [column.name for column in found]


def _files(packed: _Packed, staying: Staying) -> None:
    """Add the objects as they are stored. A file whose object is missing stays without it."""
    without = [UUID(one) for one in staying.ids(FILES)]
    names = files.objects_of_files(without)
    count = 0
    for name in names:
        if files.object_exists(name):
            packed.add(f"objects/{name}", _pieces(name))
            count += 1
    packed.counts["files"] = count


def _pieces(name: str) -> Iterator[bytes]:
    with files.sealed_object(name) as stored:
        while part := stored.read(PIECE):
            yield part


def _secrets(packed: _Packed, tenant: UUID, staying: Staying) -> None:
    """Add what opens the rest: keys of files, of sealed texts and digests, and signing keys."""
    without = [UUID(one) for one in staying.ids(FILES)]
    lines = (
        json.dumps({**asdict(one), "id": str(one.id), "file": str(one.file), "key": one.key.hex()})
        for one in files.keys_of_files(without)
    )
    packed.add("keys/files", (f"{line}\n".encode() for line in lines))
    packed.add("keys/texts", [json.dumps(asdict(files.keys_along(tenant))).encode()])
    for use, secret in audit.secrets_of(tenant).items():
        packed.add(f"keys/own/{use}", [secret])


def _policies(packed: _Packed, slug: str) -> None:
    folder = Path(settings.POLICIES) / slug
    for file in sorted(folder.rglob("*.toml")):
        packed.add(f"policies/{file.relative_to(folder)}", [file.read_bytes()])


def _manifest(
    told: Handover,
    tenant: Tenant,
    packed: _Packed,
    shapes: dict[str, list[str]],
    now: datetime,
) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("select app, name from django_migrations order by app, name")
        migrations = [f"{app}.{name}" for app, name in cursor.fetchall()]
    log = audit.log_of(tenant.pk).folder.read("checkpoint")
    rows, count = totals(packed.counts)
    return {
        "format": FORMAT,
        "archive": str(told.pk),
        "made_at": now.isoformat(),
        "release": _release(),
        "migrations": migrations,
        "tenant": {
            "id": str(tenant.pk),
            "slug": tenant.slug,
            "name": tenant.name,
            "created_at": tenant.created_at.isoformat(),
            "hosts": list(Host.objects.filter(tenant=tenant).values_list("name", flat=True)),
        },
        "seller": in_force(now).policy.controller.name,
        "event": {
            "kind": told.kind,
            "agreed_on": told.agreed_on.isoformat(),
            "document": told.document,
            "announced_at": told.announced_at.isoformat(),
            "goes_at": told.goes_at.isoformat(),
            "stayed": told.stayed,
        },
        "controller": {
            name: getattr(told, name) for name in ("name", "reg_no", "address", "email", "country")
        },
        "policy": {"version": told.version, "text": told.policy},
        "log": (log or b"").decode(),
        "counts": packed.counts,
        "rows": rows,
        "objects": count,
        "columns": shapes,
        "files": packed.files,
    }


def _release() -> str:
    try:
        return version("skola")
    except PackageNotFoundError:
        return ""
