"""``skola policy check`` knows the columns of this release."""

from pathlib import Path

import pytest
from django.conf import settings

import skola.__main__ as shell


def test_a_field_that_nobody_has_is_found_in_what_is_passed_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (written,) = (settings.ROOT / "policies" / "ema").glob("*.toml")
    file = tmp_path / written.name
    file.write_text(written.read_text().replace("people.person.email", "people.person.emial"))

    assert shell.main(["policy", "check", str(file)]) == 2
    assert 'P022: [[recipient]] "by-consent", fields: "people.person.emial"' in (
        capsys.readouterr().out
    )
    assert shell.main(["policy", "check", str(written)]) == 0
