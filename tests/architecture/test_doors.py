"""The walls of the house: rooms enter each other through ``api`` only."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOUSE = ROOT / "skola"
ROOM = re.compile(r"^skola\.(services|promises)\.(\w+)\.(\w+)")


def imports(file: Path) -> Iterator[str]:
    """Every module that ``file`` imports, names of ``from`` imports included."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room_of(file: Path) -> str:
    parts = file.relative_to(HOUSE).parts
    return ".".join(parts[:2])


def test_service_rooms_are_entered_through_their_door() -> None:
    trespasses = set()
    for file in HOUSE.rglob("*.py"):
        if "tests" in file.parts or "web" in file.parts[-4:]:
            continue
        for name in imports(file):
            found = ROOM.match(name)
            if not found or f"{found[1]}.{found[2]}" == room_of(file):
                continue
            if found[1] == "services" and found[3] != "api":
                trespasses.add(f"{file.relative_to(ROOT)} enters {name}")

    assert trespasses == set()


def test_no_lock_file_names_a_host() -> None:
    for lock in sorted((ROOT / "requirements").glob("*.txt")):
        assert "://" not in lock.read_text(), f"{lock.name} names a host"


def test_only_the_clock_tells_the_time() -> None:
    clocks = re.compile(r"timezone\.now\(|datetime\.now\(|datetime\.utcnow\(|date\.today\(")
    tellers = {
        str(file.relative_to(HOUSE))
        for file in HOUSE.rglob("*.py")
        if clocks.search(file.read_text()) and "tests" not in file.parts
    }

    assert tellers == {"ground/clock.py"}


def test_no_file_names_a_tenant_in_code() -> None:
    """What differs between tenants stands in their policies, never in a condition."""
    condition = re.compile(
        r"(slug|tenant)\w*\s*(==|!=|in)\s*[\(\[{]?\s*[\"'](ilearn|kic|learnifier|ema|ekool)"
    )
    asking = {
        str(file.relative_to(HOUSE))
        for file in HOUSE.rglob("*.py")
        if condition.search(file.read_text())
        and "demo" not in str(file)
        and "tests" not in file.parts
    }

    assert asking == set()


def test_nothing_private_is_committed() -> None:
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split()
    forbidden = {"uv.lock", "pylock.toml"}

    assert forbidden.intersection(Path(name).name for name in tracked) == set()
