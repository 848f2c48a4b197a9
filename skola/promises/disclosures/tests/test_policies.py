"""The bundled policies list fields that there are, of categories that the recipient may have."""

from pathlib import Path

import pytest
from django.conf import settings

from skola.promises.disclosures.queries import entries
from skola.promises.inventory.api import fields_known
from skola.promises.policy.api import lint, load

FILES = sorted(Path(settings.ROOT, "policies").glob("*/*.toml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parent.name)
def test_every_field_that_is_passed_on_is_known_and_allowed(file: Path) -> None:
    policy = load(file)
    found = lint(policy, fields=fields_known())
    assert [str(each) for each in found if each.code == "P022"] == []
    grounds = {rule: one.ground for rule, one in entries(policy).items() if one.form == "personal"}
    assert [rule for rule, ground in grounds.items() if ground is None] == []


def test_a_wrong_field_is_found() -> None:
    policy = load(next(file for file in FILES if file.parent.name == "ekool"))
    known = dict.fromkeys(fields_known(), "study")
    codes = {(each.code, each.key) for each in lint(policy, fields=known)}
    assert ("P022", "fields") in codes
    assert ("P022", "fields") in {(each.code, each.key) for each in lint(policy, fields={})}
