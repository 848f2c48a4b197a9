"""Policies of a test: the real files, copied and edited, to be published and broken."""

import re
import shutil
import tomllib
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from skola.promises.policy.api import publish
from skola.promises.policy.schema import Policy

REAL = Path(settings.ROOT) / "policies"
Edit = tuple[str, str]


def real(tenant: str) -> Path:
    """Return the bundled policy of a tenant."""
    (found,) = (REAL / tenant).glob("*.toml")
    return found


def edited(text: str, edits: Sequence[Edit]) -> str:
    """Replace each first text by the second, which must be there exactly once."""
    for old, new in edits:
        assert text.count(old) == 1, f"{old!r} is there {text.count(old)} times"
        text = text.replace(old, new)
    return text


def terms_without_a_number(tenant: str) -> Iterator[tuple[str, str]]:
    """Every retention rule that has a number, by its id, with the policy in which it lacks it."""
    head, *tables = real(tenant).read_text(encoding="utf-8").split("[[retention]]\n")
    for place, table in enumerate(tables):
        own, border, rest = table.partition("\n[[")
        without = re.sub(r'period = "[^"]+",? ?|, within = "[^"]+"', "", own)
        if without == own:
            continue
        changed = [*tables[:place], without + border + rest, *tables[place + 1 :]]
        found = re.search(r'^id = "([^"]+)"', own, re.MULTILINE)
        assert found, own
        yield found[1], "[[retention]]\n".join([head, *changed])


class Folder:
    """The published policies of one test."""

    def __init__(self, path: Path, tenant: str) -> None:
        self.path, self.tenant = path, tenant
        own = path / "published" / tenant
        own.mkdir(parents=True)
        shutil.copy(real(tenant), own)

    @property
    def published(self) -> Path:
        """What ``settings.POLICIES`` names."""
        return self.path / "published"

    def draft(self, *edits: Edit, name: str = "draft") -> Path:
        """Write an edited copy of the bundled policy beside the published ones."""
        file = self.path / f"{name}.toml"
        file.write_text(edited(real(self.tenant).read_text(), edits))
        return file

    def version(
        self,
        name: str,
        *edits: Edit,
        effective: datetime,
        published: datetime | None = None,
        classification: str = "material",
        reason: str | None = "We renamed something.",
    ) -> Path:
        """Write a next version of the bundled policy as a draft."""
        head = _head(real(self.tenant).read_text())
        new = [
            f'version = "{name}"',
            f"published = {(published or effective).isoformat()}",
            f"effective = {effective.isoformat()}",
            f'replaces = "{head["version"]}"',
        ]
        if classification:
            new.append(f'classification = "{classification}"')
        if reason is not None:
            languages = head["languages"]
            said = ", ".join(f'{language} = "{reason}"' for language in languages)
            new.append(f"reason = {{ {said} }}")
        lines = []
        in_head = False
        for line in edited(real(self.tenant).read_text(), edits).splitlines():
            if line.startswith("["):
                in_head = line.strip() == "[policy]"
            key = line.partition("=")[0].strip()
            if in_head and key in _RENEWED:
                continue
            lines.append(line)
            if line.strip() == "[policy]":
                lines += new
        file = self.path / f"{name}.toml"
        file.write_text("\n".join(lines) + "\n")
        return file

    def publish(self, file: Path, *, now: datetime) -> Policy:
        """Publish a draft. Raises PolicyError."""
        return publish(file, by="test", now=now)


_RENEWED = {"version", "published", "effective", "replaces", "classification", "reason"}


def _head(text: str) -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads(text)["policy"]
    return found
