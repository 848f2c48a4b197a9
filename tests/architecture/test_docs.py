"""What can be set, called, or found in the audit is documented."""

import re
from pathlib import Path

from skola.__main__ import COMMANDS
from skola.promises.policy.clauses import as_markdown

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs" / "reference"
ROOMS = (
    "academies",
    "accuracy",
    "applications",
    "archives",
    "audit",
    "billing",
    "briefings",
    "campaigns",
    "certificates",
    "chat",
    "companies",
    "connectors",
    "consents",
    "courses",
    "customers",
    "decisions",
    "desk",
    "diary",
    "documents",
    "emergency",
    "events",
    "exams",
    "files",
    "forums",
    "groups",
    "habits",
    "handover",
    "hiring",
    "licences",
    "live",
    "networks",
    "notices",
    "papers",
    "partners",
    "people",
    "policy",
    "premises",
    "quality",
    "records",
    "reaching",
    "retention",
    "rights",
    "runs",
    "school",
    "surveys",
    "testimonials",
    "undertakings",
    "upkeep",
    "visits",
    "web",
    "workforce",
)
"""Rooms that write to the audit; one a line, so that two changes do not meet."""
KIND = re.compile(rf'"((?:{"|".join(ROOMS)})\.[a-z_]+\.[a-z_]+)"')


def sources() -> list[str]:
    """The text of every module that writes to the audit."""
    texts = [
        file.read_text() for file in (ROOT / "skola").rglob("*.py") if "tests" not in file.parts
    ]
    return [text for text in texts if "audit" in text]


def test_every_setting_is_documented() -> None:
    settings = (ROOT / "skola" / "settings.py").read_text()
    environment = (ROOT / "skola/ground/db/local.py").read_text() + settings
    names = set(re.findall(r"SKOLA_[A-Z0-9_]+", environment))
    told = (DOCS / "settings.md").read_text()

    assert {name for name in names if f"`{name}`" not in told} == set()


def test_every_command_is_documented() -> None:
    told = (DOCS / "commands.md").read_text()

    assert {name for name in COMMANDS if f"`{name}" not in told} == set()


def test_every_kind_of_audit_entry_is_documented() -> None:
    told = (DOCS / "audit.md").read_text()
    kinds = {kind for text in sources() for kind in KIND.findall(text)}
    columns = {"people.person.phone", "reaching.device.endpoint"}
    no_kinds = columns | {"courses.author.self"}  # a capability

    assert {kind for kind in kinds - no_kinds if f"`{kind}`" not in told} == set()


def test_the_list_of_clauses_not_kept_yet_is_current() -> None:
    """After keeping a clause: ``skola clauses --markdown > docs/reference/clauses-not-yet.md``."""
    assert (DOCS / "clauses-not-yet.md").read_text() == as_markdown()
