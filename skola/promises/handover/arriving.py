"""Taking in an archive: everything is checked first, then the tenant is here whole or not at all.

Runs as the owner of the tables. Rows, keys, objects and policies come in one transaction; what lies
in files is taken away again where that fails, and a killed try is overwritten by the next.
"""

import hashlib
import io
import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.migrations.loader import MigrationLoader

from skola.ground.audit import api as audit
from skola.ground.files import api as files
from skola.ground.tenants.api import Host, Tenant, forget_hosts, inside
from skola.promises.disclosures.api import arrived_whole
from skola.promises.handover import tables
from skola.promises.handover.models import Arrival
from skola.promises.handover.packing import MANIFEST, SIGNATURE
from skola.promises.handover.rules import FORMAT, Receipt, digest_of_counts, totals
from skola.promises.handover.sealing import (
    DamagedError,
    Opened,
    digest_of,
    said_by,
    signed,
)
from skola.promises.policy.api import publish
from skola.promises.retention.api import as_engine, clock_missing

ARRIVED = "handover.tenant.arrived"
CLAUSES = "learnifier-15, ema-7.3.2"
PIECE = 1 << 20


class ThereError(Exception):
    """The tenant, or a host of it, is here already. Nothing was changed; the message says which."""


@dataclass(frozen=True)
class Checked:
    """An archive of which every file is what was packed."""

    file: Path
    digest: str
    manifest: dict[str, Any]


def check(file: Path, seller: str) -> Checked:
    """Open an archive and compare every file with the list that ``seller``, a key, has signed.

    Raises DamagedError, which names what is not as it was packed; touches nothing.
    """
    with _opened(file) as whole:
        try:
            text = whole.read(MANIFEST)
            note = whole.read(SIGNATURE).decode()
        except (KeyError, UnicodeDecodeError) as problem:
            raise DamagedError(f"{file} has no signed list of what is in it.") from problem
        wanted = f"{FORMAT}\n{hashlib.sha256(text).hexdigest()}\n"
        if said_by(note, seller) != wanted:
            raise DamagedError(f"The list in {file} is not the one that was signed.")
        manifest: dict[str, Any] = json.loads(text)
        listed = set(manifest["files"]) | {MANIFEST, SIGNATURE}
        for name in sorted(set(whole.namelist()) ^ listed):
            raise DamagedError(f"{name} does not belong into {file}, or is missing there.")
        for name, told in manifest["files"].items():
            _compare(whole, name, told)
    _demand_release(manifest)
    return Checked(file, digest_of(file), manifest)


@contextmanager
def _opened(file: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with (
            Opened(file) as plain,
            io.BufferedReader(plain, PIECE) as content,
            zipfile.ZipFile(content) as whole,
        ):
            yield whole
    except (zipfile.BadZipFile, EOFError) as problem:
        raise DamagedError(f"{file} was changed or cut off: {problem}") from problem
    except FileNotFoundError:
        raise DamagedError(f"There is no file {file}.") from None


def _compare(whole: zipfile.ZipFile, name: str, told: dict[str, Any]) -> None:
    digest, size = hashlib.sha256(), 0
    for part in _parts(whole, name):
        digest.update(part)
        size += len(part)
    if size != told["size"] or digest.hexdigest() != told["sha256"]:
        raise DamagedError(f"{name} is not what was packed.")


def _parts(whole: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    with whole.open(name) as content:
        while part := content.read(PIECE):
            yield part


def _demand_release(manifest: dict[str, Any]) -> None:
    """Both sides must have the same tables: rows come as they are."""
    ours = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    theirs = set(manifest["migrations"])
    if unknown := sorted(theirs - ours):
        raise DamagedError(
            f"The archive is of a newer release ({unknown[0]} is unknown here): install that one."
        )
    if lacking := sorted(ours - theirs):
        raise DamagedError(
            f"The archive is of an older release (it lacks {lacking[0]}): have it packed with the"
            " release that runs here."
        )


def take_in(checked: Checked, *, hosts: list[str] | None = None, by: str, now: datetime) -> Arrival:
    """Take in a tenant with everything that is in its archive, and return the arrival.

    It is reached under the hosts it had, or under ``hosts``. The policy of the new controller is
    checked and published as any other, its notice counted from when people were told. Raises
    ThereError, PolicyError, DamagedError; then nothing is here.
    """
    told = checked.manifest["tenant"]
    tenant_id = UUID(told["id"])
    _demand_free(checked, hosts or told["hosts"])
    put: list[str] = []
    folder = Path(settings.POLICIES) / told["slug"]
    was_there = folder.exists()
    try:
        with _opened(checked.file) as whole, transaction.atomic():
            tenant = Tenant.objects.create(
                id=tenant_id,
                slug=told["slug"],
                name=told["name"],
                created_at=datetime.fromisoformat(told["created_at"]),
            )
            for name in hosts or told["hosts"]:
                Host.objects.create(name=name, tenant=tenant)
            with inside(tenant_id):
                arrival = _fill(whole, checked, put, by=by, now=now)
    except BaseException:
        files.drop_moved(put)
        _drop_keys(checked)
        if not was_there:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    finally:
        forget_hosts()
    return arrival


def _demand_free(checked: Checked, hosts: list[str]) -> None:
    told = checked.manifest["tenant"]
    known = Tenant.objects.filter(pk=told["id"]).first()
    if known is not None:
        with inside(known.pk):
            arrival = Arrival.objects.filter(archive=checked.digest).first()
        if arrival is not None:
            raise ThereError(
                f"This archive was taken in on {arrival.arrived_at:%Y-%m-%d %H:%M} UTC. For its"
                f" receipt: `skola handover receipt {known.slug}`."
            )
        raise ThereError(f"The tenant {known.slug} is here already, and stays as it is.")
    if Tenant.objects.filter(slug=told["slug"]).exists():
        raise ThereError(f"Another tenant here is called {told['slug']}.")
    if taken := Host.objects.filter(name__in=hosts).values_list("name", flat=True).first():
        raise ThereError(f"The host {taken} leads to another tenant here: name others with --host.")


def _fill(
    whole: zipfile.ZipFile, checked: Checked, put: list[str], *, by: str, now: datetime
) -> Arrival:
    """Put everything into its place, as the new tenant."""
    manifest = checked.manifest
    with as_engine(now):
        for table in _ordered(manifest):
            names = manifest["columns"][table]
            known = [one.name for one in tables.columns(table)]
            if sorted(names) != sorted(known):
                raise DamagedError(f"The table {table} has other columns here.")
            count = tables.copy_in(table, names, _parts(whole, f"tables/{table}"))
            if count != manifest["counts"][table]:
                raise DamagedError(
                    f"The table {table} has {count} rows, not {manifest['counts'][table]}."
                )
            tables.renew_sequences(table)
        _keys(whole, checked)
    _policies(whole, checked, by=by, now=now)
    _objects(whole, checked, put)  # where they lie may be in the policy's hand
    event = manifest["event"]
    arrived_whole(
        manifest["controller"]["name"],
        reference=event["document"],
        digest=checked.digest,
        once=UUID(manifest["archive"]),
        passed_at=datetime.fromisoformat(manifest["made_at"]),
        now=now,
    )
    clock_missing(now=now)
    return _arrive(checked, by=by, now=now)


def _ordered(manifest: dict[str, Any]) -> list[str]:
    here = tables.moving()
    if unknown := sorted(set(manifest["columns"]) ^ set(here)):
        raise DamagedError(f"The table {unknown[0]} is on one side only.")
    return here


def _keys(whole: zipfile.ZipFile, checked: Checked) -> None:
    tenant = UUID(checked.manifest["tenant"]["id"])
    lines = whole.read("keys/files").splitlines()
    told = [json.loads(line) for line in lines]
    files.keep_moved(
        files.Moving(
            UUID(one["id"]), UUID(one["file"]), one["stored_as"], bytes.fromhex(one["key"])
        )
        for one in told
    )
    texts = json.loads(whole.read("keys/texts"))
    files.take_keys(
        tenant, files.Brought(tuple(texts["texts"]), texts["digests"], dict(texts["uses"]))
    )
    for name in _named(checked, "keys/own/"):
        audit.put_secret(tenant, name.removeprefix("keys/own/"), whole.read(name))


def _drop_keys(checked: Checked) -> None:
    tenant = UUID(checked.manifest["tenant"]["id"])
    if Tenant.objects.filter(pk=tenant).exists():
        return
    files.forget_keys(tenant)
    for name in _named(checked, "keys/own/"):
        audit.drop_secret(tenant, name.removeprefix("keys/own/"))


def _objects(whole: zipfile.ZipFile, checked: Checked, put: list[str]) -> None:
    for name in _named(checked, "objects/"):
        stored = name.removeprefix("objects/")
        with tempfile.TemporaryFile() as content:  # sealed as it is stored
            for part in _parts(whole, name):
                content.write(part)
            content.seek(0)
            put.append(stored)
            files.put_moved(stored, content)


def _named(checked: Checked, begin: str) -> list[str]:
    return sorted(name for name in checked.manifest["files"] if name.startswith(begin))


def _policies(whole: zipfile.ZipFile, checked: Checked, *, by: str, now: datetime) -> None:
    """Put the published versions into their folder, and publish the new controller's."""
    manifest = checked.manifest
    folder = Path(settings.POLICIES) / manifest["tenant"]["slug"]
    for name in _named(checked, "policies/"):
        target = folder / name.removeprefix("policies/")
        if ".." in target.parts:
            raise DamagedError(f"{name} leads out of its folder.")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(whole.read(name))
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "policy.toml"
        file.write_text(manifest["policy"]["text"], encoding="utf-8")
        announced = datetime.fromisoformat(manifest["event"]["announced_at"])
        publish(file, by=by, now=now, announced_at=announced)


def _arrive(checked: Checked, *, by: str, now: datetime) -> Arrival:
    manifest = checked.manifest
    rows, objects = totals(manifest["counts"])
    receipt = Receipt(
        archive=checked.digest,
        tenant=manifest["tenant"]["id"],
        rows=rows,
        files=objects,
        counts=digest_of_counts(manifest["counts"]),
        at=now,
    )
    arrival = Arrival.objects.create(
        archive=checked.digest,
        seller=manifest["seller"],
        event={**manifest["event"], **manifest["controller"]},
        arrived_at=now,
        counts=manifest["counts"],
        receipt=signed(receipt.as_text()),
    )
    event = manifest["event"]
    audit.record(
        ARRIVED,
        target=arrival,
        by=by,
        at=now,
        clause=CLAUSES,
        detail={
            "event": event["kind"],
            "agreed_on": event["agreed_on"],
            "document": event["document"],
            "archive": checked.digest,
            "rows": rows,
            "files": objects,
            "log": hashlib.sha256(manifest["log"].encode()).hexdigest(),
        },
    )
    return arrival
