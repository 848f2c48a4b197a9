"""Which version is in force: the latest that has come, broken files apart."""

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from skola.promises.policy.catalogue import (
    NoPolicyError,
    enabled,
    in_force,
    one_look,
    tenants,
)
from skola.promises.policy.tests import make

TEXT = make.EXAMPLE.read_text(encoding="utf-8")
FIRST = datetime.fromisoformat("2026-09-01T00:00:00+03:00")
SECOND = datetime.fromisoformat("2026-12-01T00:00:00+02:00")
A_SECOND = timedelta(seconds=1)


def second(**changes: str) -> str:
    """The text of a second version, in force from 1 December."""
    text = TEXT.replace('version = "2026-09-01"', 'version = "2026-12-01"')
    text = text.replace(
        "effective = 2026-09-01T00:00:00+03:00", f"effective = {SECOND.isoformat()}"
    )
    text = text.replace(
        'law = ["EU", "EE"]',
        'law = ["EU", "EE"]\nreplaces = "2026-09-01"\nclassification = "material"\n'
        'reason = { en = "less", et = "vähem" }',
        1,
    )
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    return text


def folder(tmp_path: Path, **files: str) -> Path:
    own = tmp_path / "north-school"
    own.mkdir(exist_ok=True)
    for number, (name, text) in enumerate(files.items()):
        file = own / f"{name}.toml"
        file.write_text(text, encoding="utf-8")
        os.utime(file, ns=(number, number))
    return tmp_path


def test_the_latest_that_has_come_is_in_force(tmp_path: Path) -> None:
    place = folder(tmp_path, a=TEXT, b=second())

    before = in_force(place, "north-school", SECOND - A_SECOND)
    after = in_force(place, "north-school", SECOND)

    assert before.version.name == "2026-09-01"
    assert [each.name for each in before.announced] == ["2026-12-01"]
    assert after.version.name == "2026-12-01"
    assert after.announced == ()
    assert before.problems == after.problems == ()


def test_before_the_first_nothing_is_in_force(tmp_path: Path) -> None:
    with pytest.raises(NoPolicyError, match='no policy of "north-school" is in force'):
        in_force(folder(tmp_path, a=TEXT), "north-school", FIRST - A_SECOND)


def test_a_tenant_without_folder_has_no_policy(tmp_path: Path) -> None:
    with pytest.raises(NoPolicyError):
        in_force(tmp_path, "south-school", FIRST)


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("not toml at all", "not TOML"),
        (second(**{'period = "90 days"': 'period = "some days"'}), "a term without a number"),
        (second(**{'after = "page.visited"': 'after = "account.found_minor"'}), "P001"),
        (second(**{"+02:00": "+02:00\nlevel = 3"}), "unknown key"),
        (second(**{'tenant = "north-school"': 'tenant = "south-school"'}), "lies in the folder"),
    ],
)
def test_a_broken_newest_file_leaves_the_last_good_version_in_force(
    tmp_path: Path, broken: str, said: str
) -> None:
    found = in_force(folder(tmp_path, a=TEXT, b=broken), "north-school", SECOND)

    assert found.version.name == "2026-09-01"
    assert any(said in str(problem) for problem in found.problems)
    assert {Path(problem.file).name for problem in found.problems} == {"b.toml"}


def test_two_versions_of_one_moment_are_both_refused(tmp_path: Path) -> None:
    place = folder(tmp_path, a=TEXT, b=second(), c=second())

    found = in_force(place, "north-school", SECOND)

    assert found.version.name == "2026-09-01"
    assert [problem.code for problem in found.problems] == ["P013", "P013"]


def test_one_look_answers_for_the_moment_that_is_asked(tmp_path: Path) -> None:
    place = folder(tmp_path, a=TEXT, b=second())

    def names() -> list[str]:
        moments = (SECOND - A_SECOND, SECOND, SECOND - A_SECOND, SECOND + A_SECOND)
        return [in_force(place, "north-school", at).version.name for at in moments]

    with one_look():
        assert names() == names() == ["2026-09-01", "2026-12-01", "2026-09-01", "2026-12-01"]


def test_a_change_of_a_file_is_seen_at_once(tmp_path: Path) -> None:
    place = folder(tmp_path, a=TEXT)
    before = in_force(place, "north-school", SECOND)

    file = place / "north-school" / "a.toml"
    file.write_text(TEXT.replace('"90 days"', '"80 days"'), encoding="utf-8")

    assert in_force(place, "north-school", SECOND).hash != before.hash


def test_the_law_is_applied_to_what_is_in_force(tmp_path: Path) -> None:
    found = in_force(folder(tmp_path, a=TEXT), "north-school", SECOND)

    assert found.policy.minors.age == 13
    assert found.version.written.minors.age == "law"
    assert found.file.name == "a.toml"


def test_a_purpose_switches_its_capabilities_on(tmp_path: Path) -> None:
    found = in_force(folder(tmp_path, a=TEXT), "north-school", SECOND)

    assert "exams.supervised" in found.capabilities
    assert "diary.school" not in found.capabilities
    assert found.capabilities == enabled(found.policy)


def test_the_operator_may_switch_on_more() -> None:
    policy = make.policy(make.setting("service", "", capabilities=["support.chat"]))

    assert enabled(policy) - enabled(make.policy()) == {"support.chat"}


def test_tenants_are_the_folders_with_policies(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    assert tenants(folder(tmp_path, a=TEXT)) == ["north-school"]
    assert tenants(tmp_path / "nowhere") == []


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(-100, 400))
def test_what_is_in_force_only_moves_forward(tmp_path: Path, days: int) -> None:
    place = folder(tmp_path, a=TEXT, b=second())
    now = FIRST + timedelta(days=days)
    if now < FIRST:
        with pytest.raises(NoPolicyError):
            in_force(place, "north-school", now)
        return

    chosen = in_force(place, "north-school", now).version.written.policy.effective
    later = in_force(place, "north-school", now + timedelta(days=1)).version

    assert chosen <= now
    assert chosen <= later.written.policy.effective
