"""Texts that may be written once, or in each language of the policy."""

import json

import pytest

from skola.promises.notices.words import titles
from skola.promises.policy.canonical import policy_hash
from skola.promises.policy.diff import diff
from skola.promises.policy.notice_tables import table
from skola.promises.policy.ropa import as_json
from skola.promises.policy.tests import make

PLAIN = "A certificate can be checked by anybody."
BOTH = {"en": PLAIN, "et": "Tunnistust saab kontrollida igaüks."}
ABROAD = {"en": "staff abroad", "et": "töötajad välismaal"}


def promising(text: object) -> make.Edit:
    return make.adding("duty", id="checked", text=text)


def sending(*who: object) -> make.Edit:
    return make.adding("transfer", to="third countries", who=list(who), safeguard=["scc"])


@pytest.mark.parametrize(
    ("text", "said"),
    [(PLAIN, {"en": PLAIN, "et": PLAIN}), (BOTH, BOTH)],
)
def test_a_duty_is_told_in_the_language_of_the_page(text: object, said: dict[str, str]) -> None:
    policy = make.policy(promising(text))

    assert {one: titles(policy, one)["duty.checked"] for one in ("en", "et")} == said


def test_who_is_abroad_is_told_in_each_language_and_plain_words_in_english_alone() -> None:
    policy = make.policy(sending("hosting", ABROAD, "fulfilment"))
    hosting = {
        one: next(p.name[one] for p in policy.processor if p.id == "hosting") for one in BOTH
    }

    who = {one: table(policy, "transfers", one).rows[-1].cells[1] for one in ("en", "et")}

    assert who == {
        "en": f"{hosting['en']}, staff abroad, fulfilment",
        "et": f"{hosting['et']}, töötajad välismaal",
    }
    told = [
        each for one in json.loads(as_json(policy, "et"))["activities"] for each in one["transfers"]
    ]
    assert told[-1]["who"] == ["hosting", "töötajad välismaal", "fulfilment"]


@pytest.mark.parametrize(
    ("edit", "key"),
    [
        (promising({"en": PLAIN}), "text"),
        (sending({"en": "staff abroad"}), "who"),
        (promising({**BOTH, "fi": "Todistus"}), "text.fi"),
        (promising(7), "text"),
    ],
)
def test_a_table_of_languages_lacks_none_and_has_no_other(edit: make.Edit, key: str) -> None:
    (problem,) = make.problems(edit)

    assert problem.key.startswith(key)


def test_another_word_of_a_promise_is_another_rule_in_either_form() -> None:
    before = make.policy(promising(BOTH), sending(ABROAD))
    assert policy_hash(before) != policy_hash(make.policy(promising(PLAIN), sending(ABROAD)))

    after = make.policy(promising({**BOTH, "et": "Ei saa."}), sending({**ABROAD, "et": "mujal"}))

    found = diff(before, after)
    assert len(found.rules) == 2
    assert found.texts == ()
