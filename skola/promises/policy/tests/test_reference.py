"""The reference of the language is complete, and what it shows is true."""

import re
import tomllib

import pytest
from msgspec import Struct
from msgspec.structs import fields

from skola.promises.policy import schema, vocabulary
from skola.promises.policy.lints import CHECKS
from skola.promises.policy.periods import Unit, Word
from skola.promises.policy.shape import problems_of
from skola.promises.policy.source import Source
from skola.promises.policy.tests import make

TEXT = (make.ROOT / "docs" / "reference" / "policy-language.md").read_text(encoding="utf-8")
WORDS = set(re.findall(r"[\w:.-]+", TEXT))


def part(heading: str) -> str:
    """The text under a heading, up to the next one of the same depth."""
    found = re.search(rf"\n### {re.escape(heading)}[^\n]*\n(.*?)(?=\n##)", TEXT, re.DOTALL)
    assert found, heading
    return found[1]


def tables() -> list[tuple[str, type[Struct], bool]]:
    """Every table of the schema: its name, its struct, whether it must be there."""
    found = []
    for field in fields(schema.Policy):
        match = re.search(r"schema\.(?:[a-z_]+\.)?([A-Z]\w+)", str(field.type))
        if match:
            found.append((field.name, getattr(schema, match[1]), field.required))
    return found


@pytest.mark.parametrize(("table", "struct", "required"), tables(), ids=lambda each: str(each))
def test_every_table_and_key_is_described(table: str, struct: type[Struct], required: bool) -> None:
    heading = next(
        line
        for line in TEXT.split("\n")
        if line.startswith("### ") and re.search(rf"\[{table}\]", line)
    )
    described = part(heading.removeprefix("### "))
    for field in fields(struct):
        if field.encode_name == "clause":
            continue
        assert re.search(rf"(?<![\w-]){field.encode_name}(?![\w-])", described), field.encode_name
        if field.required:
            assert f"**{field.encode_name}**" in described, field.encode_name
    if required:
        assert "(required)" in heading or "(at least one)" in heading


INNER = {
    schema.Basis: "[[purpose]]",
    schema.Output: "[[purpose]]",
    schema.Latest: "[[retention]]",
    schema.Floor: "[[retention]]",
    schema.Ceiling: "[[retention]]",
    schema.Then: "[[retention]]",
    schema.Backstop: "[[retention]]",
    schema.Except: "[[retention]]",
    schema.Override: "[[retention]]",
    schema.Fee: "[[right]]",
    schema.Channel: "[right_process]",
}


@pytest.mark.parametrize("struct", INNER, ids=lambda struct: struct.__name__)
def test_every_key_of_an_inner_table_is_described(struct: type[Struct]) -> None:
    described = part(INNER[struct])
    for field in fields(struct):
        assert re.search(rf"(?<![\w-]){field.encode_name}(?![\w-])", described), field.encode_name


def test_every_word_is_described() -> None:
    lists = [value for name, value in vars(vocabulary).items() if name.isupper()]
    words = {word for each in lists for word in each}

    assert len(lists) > 15
    assert {word for word in words if f"`{word}`" not in TEXT} == set()
    meanings = {meaning.replace("``", "`") for each in lists for meaning in each.values()}
    assert {meaning for meaning in meanings if meaning not in TEXT} == set()


def test_every_check_is_described_with_its_remedy() -> None:
    rows = dict(re.findall(r"\n\| (P\d{3}) \| (.+)", TEXT))

    assert list(rows) == list(CHECKS)
    assert all(row.count("|") == 3 for row in rows.values())


def test_every_unit_and_word_for_a_term_is_described() -> None:
    assert all(f"{unit}s" in TEXT for unit in Unit)
    assert all(f'"{word}"' in TEXT for word in Word)


def snippets() -> list[str]:
    return re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)


@pytest.mark.parametrize("snippet", snippets(), ids=lambda snippet: snippet.split("\n")[0])
def test_what_the_reference_shows_is_right(snippet: str) -> None:
    """Every example is TOML, and put into the example policy it is as the language wants it."""
    content = make.raw()
    for name, value in tomllib.loads(snippet).items():
        if isinstance(value, list):
            known = {each.get("id") for each in value}
            kept = [each for each in content.get(name, []) if each.get("id") not in known]
            content[name] = [*kept, *value]
        else:
            content[name] = value

    allowed = ('[[purpose]] "school.diary"', '[[category]] "', '[[section]] "')
    problems = [
        problem
        for problem in problems_of(Source("snippet.toml", "", content))
        if not problem.message.startswith(tuple(f"there is no {each}" for each in allowed))
    ]
    assert [str(problem) for problem in problems] == []


def test_the_example_is_named() -> None:
    assert "(example-policy.toml)" in TEXT
    assert make.EXAMPLE.exists()
