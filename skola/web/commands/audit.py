"""Show what happened, newest first: when, what, by whom (a pseudonym), under which clause.

``skola audit verify`` computes the log again and names what is wrong with it; ``skola audit copy``
makes the copy from which somebody else can do the same, without the database; ``skola audit
new-key`` lets a new key sign, also where the present one is lost.
"""

import argparse
import sys
from pathlib import Path
from typing import Any

SHOWN = 20
"""So many findings are printed for each log."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--tenant", metavar="NAME", help="only this tenant")
    parser.add_argument("--kind", metavar="PREFIX", help="only kinds that begin so: retention.")
    parser.add_argument("--limit", type=int, default=50, metavar="N", help="at most so many")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB")
    verify = verbs.add_parser("verify", help="compute the log again, and name what is wrong")
    verify.add_argument(
        "--copy", type=Path, metavar="PLACE", help="a copy, folder or ZIP; needs no database"
    )
    verify.add_argument(
        "--from",
        dest="held",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="a checkpoint from before (or a copy): the log must continue it; may be repeated",
    )
    verify.add_argument("--key", metavar="KEY", help="the public key that has to have signed")
    copying = verbs.add_parser("copy", help="make a copy for an auditor")
    copying.add_argument("place", type=Path, metavar="DIR", help="a folder that does not exist yet")
    fresh = verbs.add_parser("new-key", help="sign the log of a tenant with a new key from now on")
    fresh.add_argument(
        "--lost", action="store_true", help="the present key is lost, and there is no copy of it"
    )
    for verb in (verify, copying, fresh):
        verb.add_argument("--data", type=Path, default=argparse.SUPPRESS, metavar="DIR")
        verb.add_argument("--tenant", default=argparse.SUPPRESS, metavar="NAME")


def run(options: argparse.Namespace) -> int:
    if options.verb == "verify" and options.copy:
        return _verify_copy(options)
    from skola.web.commands.installation import open_up

    open_up(options.data)
    from skola.ground.tenants.api import every

    chosen = [tenant for tenant in every() if options.tenant in (None, tenant.slug)]
    if not chosen:
        print(f"skola audit: there is no tenant {options.tenant!r}; leave --tenant out to see all.")
        return 2
    if options.verb == "verify":
        return _verify_live(options, chosen)
    if options.verb == "new-key":
        return _new_key(options, chosen)
    if options.verb == "copy":
        return _copy(options.place, chosen)
    return _list(options, chosen)


# ---- listing -------------------------------------------------------------------------------------


def _list(options: argparse.Namespace, chosen: list[Any]) -> int:
    import json

    from skola.ground.audit.api import Entry
    from skola.ground.tenants.api import inside

    for tenant in chosen:
        with inside(tenant.pk):
            entries = Entry.objects.filter(kind__startswith=options.kind or "").order_by("-at")
            for entry in entries[: options.limit]:
                row = {
                    "tenant": tenant.slug,
                    "at": entry.at.isoformat(timespec="seconds"),
                    "kind": entry.kind,
                    "by": entry.by[:12],
                    "target": entry.target,
                    "clause": entry.clause,
                    "detail": entry.detail,
                    "leaf": entry.leaf_index,
                }
                print(json.dumps(row, ensure_ascii=False) if options.json else _line(row))
    return 0


def _line(row: dict[str, object]) -> str:
    parts = [row["tenant"], row["at"], row["kind"], row["by"], row["target"], row["clause"]]
    detail = row["detail"] if isinstance(row["detail"], dict) else {}
    return "  ".join(str(part) for part in [*parts, *(f"{k}={v}" for k, v in detail.items())])


# ---- verifying -----------------------------------------------------------------------------------


def _verify_copy(options: argparse.Namespace) -> int:
    """Verify one copy, or a folder or archive of several. No settings, no database."""
    try:
        logs = _logs_in(options.copy)
    except OSError as problem:
        print(f"skola audit: {options.copy} cannot be read: {problem}", file=sys.stderr)
        return 2
    if not logs:
        print(f"skola audit: {options.copy} holds no log with a checkpoint.", file=sys.stderr)
        return 2
    return max(_verify(name, store, options) for name, store in sorted(logs.items()))


def _logs_in(place: Path) -> dict[str, Any]:
    """Return the logs in a folder or archive, by the name of their folder in it."""
    import zipfile

    from skola.ground.audit.tiles import Archive, Folder

    if place.is_dir():
        found = [file.parent for file in place.glob("checkpoint")] or [
            file.parent for file in place.glob("*/checkpoint")
        ]
        return {folder.name: Folder(folder) for folder in found}
    try:
        archive = zipfile.ZipFile(place)
    except zipfile.BadZipFile as problem:
        raise OSError(str(problem)) from problem
    names = [name for name in archive.namelist() if name.rpartition("/")[2] == "checkpoint"]
    return {
        name.rpartition("/")[0] or place.stem: Archive(archive, name.removesuffix("checkpoint"))
        for name in names
    }


def _verify_live(options: argparse.Namespace, chosen: list[Any]) -> int:
    from skola.ground.audit.api import Entry, Live, log_of
    from skola.ground.tenants.api import inside

    worst = 0
    for tenant in chosen:
        with inside(tenant.pk):
            log = log_of(tenant.pk)
            live = Live(log)
            if log.key is None:
                waiting = Entry.objects.filter(leaf_index=None).count()
                print(f"{tenant.slug}: nothing is published yet; {waiting} entries wait.")
                continue
            worst = max(worst, _verify(tenant.slug, live, options, key=str(log.key)))
            beyond = _beyond(log)
            if beyond:
                print(f"  {beyond}")
                worst = 1
    return worst


def _beyond(log: Any) -> str:
    """Compare with the database, which a sequencer may change meanwhile: it goes first."""
    from skola.ground.audit.models import Entry, Head
    from skola.ground.audit.note import NoteError

    head = Head.objects.first()
    signed = head.size - len(bytes(head.pending)) // 32 if head else 0
    try:
        found = log.checkpoint()
    except NoteError:
        return ""  # named already
    if found is None or signed > found.size:
        return f"The log was rolled back: {signed} leaves were signed."
    beyond = Entry.objects.filter(leaf_index__gte=Head.objects.values("size")[:1])
    first = beyond.order_by("leaf_index").first()
    return f"The entry {first.pk} has a number that was never given." if first else ""


def _verify(name: str, store: Any, options: argparse.Namespace, *, key: str = "") -> int:
    """Verify one log and say what was found: 0 all is well, 1 something is wrong, 2 refused."""
    from skola.ground.audit import handover
    from skola.ground.audit.note import NoteError, PublicKey
    from skola.ground.audit.verifying import verify

    written = options.key or key or (store.read("key") or b"").decode(errors="replace")
    try:
        public = PublicKey.read(written)
        handovers = _handovers(store)
        held = [_held(place, public, name, handovers) for place in options.held]
    except (NoteError, OSError, UnicodeDecodeError) as problem:
        print(f"{name}: {problem}", file=sys.stderr)
        return 2
    report = verify(store, public, held)
    found = report.checkpoint
    said = "all is well" if report.ok else f"{len(report.findings)} findings"
    if found:
        print(f"{name}: {found.size} leaves, root {found.root.hex()}: {said}")
        print(
            f"  {report.entries} entries have their hash, {report.gone} are gone by their clock,"
            f" {report.opened} details open."
        )
    else:
        print(f"{name}: {said}")
    print(f"  key {public}" + ("" if options.key else "  (believed; name it with --key)"))
    signs = handover.last(public, handovers)
    if signs != public:
        print(f"  which handed over to {signs}")
    for lost, signed in handover.losses(signs, handovers):
        print(f"  and followed {lost.old.id.hex()}, lost when it had signed {signed.size} leaves")
    for finding in report.findings[:SHOWN]:
        print(f"  {finding}")
    return 0 if report.ok else 1


def _handovers(store: Any) -> Any:
    """Return from which key to which the log went; nothing where that is damaged and named."""
    from skola.ground.audit import handover
    from skola.ground.audit.note import NoteError

    try:
        return handover.read(store.read(handover.HANDOVERS))
    except NoteError:
        return []


def _held(place: Path, public: Any, name: str, handovers: Any) -> Any:
    """Read a checkpoint from a file, or from a copy. Raises NoteError and OSError."""
    import zipfile

    from skola.ground.audit import handover

    if place.is_dir() or zipfile.is_zipfile(place):
        logs = _logs_in(place)
        store = logs.get(name) or (next(iter(logs.values())) if len(logs) == 1 else None)
        note = store.read("checkpoint") if store else None
        if note is None:
            raise OSError(f"{place} holds no checkpoint of {name}.")
        return handover.checkpoint(note.decode(), public, handovers)
    return handover.checkpoint(place.read_text(), public, handovers)


# ---- a new key -----------------------------------------------------------------------------------


def _new_key(options: argparse.Namespace, chosen: list[Any]) -> int:
    from skola.ground import clock
    from skola.ground.audit.api import LogError, LogKeyError, NoteError, new_key, replace_lost_key
    from skola.ground.tenants.api import inside

    if options.tenant is None:
        print("skola audit: name the tenant whose log gets a new key, with --tenant.")
        return 2
    change = replace_lost_key if options.lost else new_key
    for tenant in chosen:
        with inside(tenant.pk):
            try:
                key = change(by="skola audit", now=clock.now())
            except (LogError, LogKeyError, NoteError) as problem:
                print(f"{tenant.slug}: {problem}", file=sys.stderr)
                return 2
        print(
            f"{tenant.slug}: the log is signed by a new key from now on. Copy the folder of keys."
        )
        print(f"  key {key}")
        if options.lost:
            print(
                "  Nothing leads to it from the lost one: give it to your auditors by a way that"
                " they trust. What the lost one signed is verified as before."
            )
    return 0


# ---- copying -------------------------------------------------------------------------------------


def _copy(place: Path, chosen: list[Any]) -> int:
    """Write the copy of each log into a folder of its own."""
    from skola.ground import clock
    from skola.ground.audit.api import copy, log_of, sequence
    from skola.ground.audit.tiles import Folder
    from skola.ground.tenants.api import inside

    if place.exists() and any(place.iterdir()):
        print(f"skola audit: {place} is not empty; name a folder that is not there yet.")
        return 2
    for tenant in chosen:
        with inside(tenant.pk):
            sequence(now=clock.now())
            log = log_of(tenant.pk)
            folder = Folder(place / tenant.slug)
            found = copy(log, folder.write)
            folder.settle()
            if found is None:
                print(f"{tenant.slug}: nothing has happened yet.")
            else:
                print(f"{tenant.slug}: {found.size} leaves in {place / tenant.slug}")
                print(f"  key {log.key}")
    return 0
