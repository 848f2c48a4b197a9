"""The canonical form: what says the same has the same hash."""

import json
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skola.promises.policy.canonical import canonical, part_hash, plain, policy_hash
from skola.promises.policy.load import parse
from skola.promises.policy.source import Source, read_bytes
from skola.promises.policy.tests import make


def shuffled(value: Any, chance: random.Random) -> Any:
    """The same tables with their keys in another order."""
    if isinstance(value, dict):
        keys = list(value)
        chance.shuffle(keys)
        return {key: shuffled(value[key], chance) for key in keys}
    if isinstance(value, list):
        return [shuffled(each, chance) for each in value]
    return value


@given(st.randoms(use_true_random=False))
def test_the_order_of_keys_does_not_matter(chance: random.Random) -> None:
    other = parse(Source("test.toml", "", shuffled(make.raw(), chance)))

    assert policy_hash(other) == policy_hash(make.policy())


def test_comments_spaces_and_unicode_forms_do_not_matter() -> None:
    text = make.EXAMPLE.read_text(encoding="utf-8")
    other = "# another comment\n" + text.replace(" = ", "  =  ").replace("õ", "o\u0303")

    assert policy_hash(parse(read_bytes(other.encode(), "a"))) == policy_hash(make.policy())


def test_a_default_that_is_written_out_does_not_matter() -> None:
    written = make.policy(make.setting("cookies", "", default="refuse", honour_gpc=True))

    assert policy_hash(written) == policy_hash(make.policy())


@pytest.mark.parametrize(
    "edit",
    [
        make.setting("retention", "visits", at_most={"period": "91 days", "after": "page.visited"}),
        make.setting("category", "usage", name={"en": "visits", "et": "saidi külastused"}),
        make.setting("policy", "", version="2026-09-02"),
        make.setting("security", "backups", check="self-test"),
    ],
)
def test_any_change_changes_the_hash(edit: make.Edit) -> None:
    assert policy_hash(make.policy(edit)) != policy_hash(make.policy())


def test_the_canonical_form_is_json_with_sorted_keys() -> None:
    content = json.loads(canonical(make.policy()))

    assert list(content) == sorted(content)
    assert content["policy"]["published"] == "2026-09-01T00:00:00+03:00"
    assert "processor_list" in content
    assert "statistics" not in content


def test_the_hash_of_the_example_is_what_it_was() -> None:
    assert len(policy_hash(make.policy())) == 64
    assert policy_hash(make.policy()) == policy_hash(make.policy())


def test_the_hash_of_a_part_changes_with_the_part_only() -> None:
    before = make.policy()
    after = make.policy(make.setting("retention", "visits", warn=["7 days"]))

    assert part_hash(before.purpose[0]) == part_hash(after.purpose[0])
    assert part_hash(before.retention[-1]) != part_hash(after.retention[-1])


def test_what_has_no_place_in_a_policy_is_refused() -> None:
    with pytest.raises(TypeError, match="float has no place"):
        plain(1.5)
