"""The policy of an academy, written from the template."""

from dataclasses import replace
from pathlib import Path

import pytest

from skola.promises.policy.api import lint, load, parse
from skola.promises.policy.source import read_bytes
from skola.services.academies.policy import BOOKS, Edition, Wanted, subprocessors_of, written
from skola.services.academies.tests import make

OPERATOR = next((Path(__file__).parents[4] / "policies" / "learnifier").glob("*.toml"))
FIRST = Edition("2026-03-02", make.NOW, make.NOW)


def in_one_language(wanted: Wanted) -> list[str]:
    """What the check says of texts that only readers of one language are told."""
    policy = parse(read_bytes(written(wanted, FIRST).encode(), "academy.toml"))
    return [str(each) for each in lint(policy) if each.code == "P031"]


@pytest.mark.parametrize("sells", [False, True])
@pytest.mark.parametrize("country", BOOKS)
def test_an_academy_tells_everything_in_each_of_its_languages(country: str, sells: bool) -> None:
    every = ("lv", "lt", "et", "sv", "en")
    wanted = replace(make.WANTED, country=country, languages=every, sells=sells)

    assert in_one_language(wanted) == []


def test_what_the_operators_processors_do_is_told_in_the_languages_of_the_academy() -> None:
    theirs = subprocessors_of(load(OPERATOR))
    wanted = replace(make.WANTED, languages=("sv", "lv"), subprocessors=theirs)
    policy = parse(read_bytes(written(wanted, FIRST).encode(), "academy.toml"))

    (hosting,) = [each for each in policy.processor if each.id == "sub-hosting"]
    assert hosting.detail == {"sv": "servrar, lagring", "lv": "servers, storage"}
    assert hosting.contract == {
        "sv": "avtal om drift och lagring, artikel 28",
        "lv": "hosting agreement, Art. 28",
    }
    assert theirs[0].where("sv") == "Europeiska ekonomiska samarbetsområdet"
