"""``skola access``: a whole file or none, and words that say what now."""

import zipfile
from datetime import datetime
from pathlib import Path

import pytest

from skola.ground.audit.api import Entry
from skola.ground.people.tests import make
from skola.ground.tenants.models import Tenant
from skola.promises.rights.access import commands


def run(who: str, to: Path | str, now: datetime, **options: object) -> int:
    words = {"tenant": None, "host": None, "language": None, "portability": False, **options}
    return commands.access(who=who, to=str(to), now=now, **words)  # type: ignore[arg-type]


def test_a_copy_is_written_for_its_owner_only(
    tenant: Tenant, now: datetime, tmp_path: Path
) -> None:
    person, place = make.person(email="ilze@example.org"), tmp_path / "ilze.zip"

    assert run("Ilze@example.org", place, now, tenant="ilearn") == 0

    assert place.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(place) as archive:
        assert "index.html" in archive.namelist()
    entry = Entry.objects.get(kind="rights.copy.written")
    assert (entry.by, entry.detail["kind"]) == ("skola access", "access")
    assert str(person.pk) not in entry.target


def test_what_may_be_taken_along_is_written_without_pages(
    tenant: Tenant, now: datetime, tmp_path: Path
) -> None:
    place = tmp_path / "along.zip"

    assert run(str(make.person().pk), place, now, portability=True, host="ilearn.localhost") == 0

    with zipfile.ZipFile(place) as archive:
        assert "index.html" not in archive.namelist()


@pytest.mark.parametrize(
    ("who", "options", "words"),
    [
        ("nobody@example.org", {}, "There is nobody nobody@example.org here"),
        ("01900000-0000-7000-8000-000000000000", {}, "There is nobody"),
        ("twins@example.org", {}, "is more than one person"),
        ("twins@example.org", {"tenant": "atlantis"}, "There is no tenant 'atlantis'"),
        ("twins@example.org", {"host": "atlantis"}, "No service is reached as atlantis"),
    ],
)
def test_words_that_name_nobody_or_two_write_nothing(
    tenant: Tenant,
    now: datetime,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    who: str,
    options: dict[str, object],
    words: str,
) -> None:
    for _ in range(2):
        make.person(email="twins@example.org")

    assert run(who, tmp_path / "x.zip", now, **options) == 2

    assert words in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_copy_that_could_not_be_written_whole_leaves_no_file(
    tenant: Tenant, now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, place = make.person(), tmp_path / "ilze.zip"
    place.write_bytes(b"the last one")

    def full(*_: object, **__: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(commands, "write_archive", full)

    assert run(str(person.pk), place, now) == 2

    assert [file.read_bytes() for file in tmp_path.iterdir()] == [b"the last one"]
    assert not Entry.objects.filter(kind="rights.copy.written").exists()
