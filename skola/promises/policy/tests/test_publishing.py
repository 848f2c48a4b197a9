"""Publishing a policy: what is refused, what is kept, and when it begins to bind."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from conftest import sized
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


@pytest.fixture
def second(published: Path, tmp_path: Path) -> Path:
    """The file of a second version, in force on the day after."""
    publish(changed(tmp_path), by="test", now=NOW)
    return published / "ilearn/2026-03-02.toml"


LATER = NOW + timedelta(days=1)


def test_a_published_file_that_is_broken_is_told_and_its_published_text_binds(
    second: Path,
) -> None:
    digest = in_force(LATER).hash
    second.write_text("not = [toml")

    found = in_force(LATER)

    assert (found.version.name, found.hash) == ("2026-03-02", digest)
    assert [problem.file for problem in found.problems] == [str(second)]


@pytest.mark.parametrize("seed", range(sized(8, 40)))
def test_whatever_happens_to_the_file_the_published_text_binds(second: Path, seed: int) -> None:
    chance, whole = random.Random(seed), second.read_bytes()
    digest = in_force(LATER).hash
    for _ in range(3):
        begin, length = chance.randrange(len(whole)), chance.randrange(1, 400)
        junk = bytes(chance.choice(b'x9]["=\n') for _ in range(chance.randrange(8)))
        second.write_bytes(whole[:begin] + junk + whole[begin + length :])

        assert in_force(LATER).hash == digest
        assert in_force(NOW - timedelta(minutes=1)).version.name == "2020-08-17"


def test_an_edit_on_disk_is_an_alarm_and_binds_nobody(second: Path) -> None:
    was = in_force(LATER)
    text = second.read_text()
    assert "42103109986" in text
    second.write_text(text.replace("42103109986", "42103109987"))

    found = in_force(LATER)

    assert found.policy.controller.reg_no == was.policy.controller.reg_no
    assert "edited after it was published" in str(found.problems)


def test_a_published_file_that_is_gone_is_told_and_binds(second: Path) -> None:
    second.unlink()

    found = in_force(LATER)

    assert found.version.name == "2026-03-02"
    assert "is gone" in str(found.problems)


def test_a_spoilt_copy_does_not_take_the_place_of_the_file(second: Path) -> None:
    (copy,) = (second.parent / ".published").glob("2026-03-02.*.toml")
    copy.write_text(copy.read_text().replace("42103109986", "42103109987"))

    found = in_force(LATER)

    assert found.policy.controller.reg_no == "42103109986"
    assert not found.problems


def test_a_version_cannot_shorten_the_notice_of_itself(published: Path, tmp_path: Path) -> None:
    slow = {'notice = "from publication"': 'notice = "30 working days"'}
    slower = changed(tmp_path, **slow)
    text = slower.read_text().replace(
        "effective = 2026-03-02T11:00:00+02:00", "effective = 2026-04-16T00:00:00+03:00"
    )
    slower.write_text(text)
    publish(slower, by="test", now=NOW)
    then = NOW + timedelta(days=60)
    quick = changed(
        tmp_path,
        **{
            'version = "2026-03-02"': 'version = "2026-05-01"',
            "2026-03-02T11:00:00+02:00": "2026-05-01T12:00:00+03:00",
            'replaces = "2020-08-17"': 'replaces = "2026-03-02"',
        },
    )

    with pytest.raises(PolicyError, match="it may take effect from 2026-06-1"):
        publish(quick, by="test", now=then)


def test_a_notice_beyond_the_calendar_is_refused_by_name(published: Path, tmp_path: Path) -> None:
    draft = changed(tmp_path, **{'notice = "from publication"': 'notice = "30 working days"'})

    with pytest.raises(PolicyError, match="known from 2014 to 2040, not for 2041"):
        publish(draft, by="test", now=datetime(2041, 1, 2, tzinfo=UTC))


ENQUIRIES = 'at_most = { period = "30 days", after = { latest = ["record.created", "footage'


def named(folder: Path, classification: str, **more: str) -> Path:
    """A later version that keeps camera footage longer, and calls itself something."""
    return changed(
        folder,
        **{
            'classification = "material"': f'classification = "{classification}"',
            ENQUIRIES: ENQUIRIES.replace("30 days", "60 days"),
            **more,
        },
    )


def test_a_longer_term_cannot_call_itself_minor_to_skip_the_notice(
    published: Path, tmp_path: Path
) -> None:
    switch = {"publish_in = [": "material_only = true\npublish_in = ["}
    with pytest.raises(PolicyError, match=r"not minor: .*60 days instead of 30 days"):
        publish(named(tmp_path, "minor", **switch), by="test", now=NOW)
    assert in_force(LATER).version.name == "2020-08-17"


def test_what_the_law_does_not_ask_for_is_not_exempt(published: Path, tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"the law does not ask for: .*60 days"):
        publish(named(tmp_path, "legislation"), by="test", now=NOW)
