"""Publishing a policy: what is refused, what is kept, and when it begins to bind."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from skola.ground.audit.api import Entry
from skola.ground.tenants.api import Tenant
from skola.promises.policy.api import in_force, publish
from skola.promises.policy.problems import PolicyError

ROOT = Path(__file__).resolve().parents[4]
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def published(tmp_path: Path, settings: Settings, tenant: Tenant) -> Path:
    """A folder with iLearn's first version published."""
    settings.POLICIES = tmp_path / "published"
    publish(ROOT / "policies/ilearn/2020-08-17.toml", by="test", now=NOW)
    return Path(settings.POLICIES)


def changed(folder: Path, **replacements: str) -> Path:
    """A copy of iLearn's policy as a later version, published ``NOW``."""
    text = (ROOT / "policies/ilearn/2020-08-17.toml").read_text()
    for old, new in {
        'version = "2020-08-17"': 'version = "2026-03-02"',
        "published = 2020-08-17T00:00:00+03:00": "published = 2026-03-02T11:00:00+02:00",
        "effective = 2020-08-17T00:00:00+03:00": "effective = 2026-03-02T11:00:00+02:00",
    }.items():
        assert old in text
        text = text.replace(old, new, 1)
    head = 'classification = "material"\nreason = { en = "Shorter.", lv = "Īsāk." }\n'
    if "classification =" in text:
        text = text.replace('classification = "initial"\n', head, 1)
    else:
        text = text.replace('version = "2026-03-02"\n', f'version = "2026-03-02"\n{head}', 1)
    text = text.replace('replaces = "all-earlier"', 'replaces = "2020-08-17"', 1)
    for old, new in replacements.items():
        text = text.replace(old, new)
    file = folder / "draft.toml"
    file.write_text(text)
    return file


def test_the_first_version_binds_from_its_effective_moment(published: Path) -> None:
    assert in_force(NOW).policy.policy.version == "2020-08-17"


def test_a_later_version_binds_when_its_moment_has_come(published: Path, tmp_path: Path) -> None:
    publish(changed(tmp_path), by="test", now=NOW)

    assert in_force(NOW - timedelta(minutes=1)).policy.policy.version == "2020-08-17"
    assert in_force(NOW + timedelta(minutes=1)).policy.policy.version == "2026-03-02"


def test_publishing_is_in_the_audit_with_the_hash(published: Path) -> None:
    entry = Entry.objects.get(kind="policy.version.published")

    assert entry.detail["version"] == "2020-08-17"
    assert entry.detail["hash"] == in_force(NOW).hash


def test_publishing_the_same_again_changes_nothing(published: Path) -> None:
    publish(ROOT / "policies/ilearn/2020-08-17.toml", by="test", now=NOW)

    assert Entry.objects.filter(kind="policy.version.published").count() == 1


def test_a_version_once_published_cannot_be_edited(published: Path, tmp_path: Path) -> None:
    text = (ROOT / "policies/ilearn/2020-08-17.toml").read_text()
    file = tmp_path / "edited.toml"
    file.write_text(text.replace("42103109986", "42103109987"))

    with pytest.raises(PolicyError):
        publish(file, by="test", now=NOW)


def test_a_broken_draft_leaves_what_is_in_force(published: Path, tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="perod"):
        publish(changed(tmp_path, period="perod"), by="test", now=NOW)

    assert in_force(NOW + timedelta(days=1)).policy.policy.version == "2020-08-17"


def test_a_version_cannot_pretend_to_have_been_announced_earlier(
    published: Path, tmp_path: Path
) -> None:
    draft = changed(tmp_path)

    with pytest.raises(PolicyError, match="may take effect from"):
        publish(draft, by="test", now=NOW + timedelta(days=3))


def test_a_file_broken_in_the_published_folder_is_told_and_not_used(
    published: Path, tmp_path: Path
) -> None:
    publish(changed(tmp_path), by="test", now=NOW)
    (published / "ilearn/2026-03-02.toml").write_text("not = [toml")

    found = in_force(NOW + timedelta(days=1))

    assert found.policy.policy.version == "2020-08-17"
    assert found.problems
