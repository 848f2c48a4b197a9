"""Whatever comes in, a policy or a list of problems comes out; any other exception is a fault."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import sized
from skola.promises.policy.load import parse
from skola.promises.policy.problems import PolicyError, Problem
from skola.promises.policy.schema import Policy
from skola.promises.policy.source import Source, read_bytes
from skola.promises.policy.tests import make


def problems_of_parsing(source: Source) -> tuple[Problem, ...]:
    """The problems of a source; empty when it is a policy. Any other exception is a fault."""
    try:
        policy = parse(source)
    except PolicyError as error:
        return error.problems
    return () if isinstance(policy, Policy) else (Problem("", "", "", "no policy", ""),)


scalars: st.SearchStrategy[Any] = st.one_of(
    st.none().map(lambda _: "x"), st.text(max_size=5), st.integers(-5, 5), st.booleans()
)
junk = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2)
    ),
    max_leaves=4,
)


@settings(max_examples=sized(50, 300))
@given(st.data())
def test_any_value_anywhere_is_read_or_refused_by_name(data: st.DataObject) -> None:
    content = make.raw()
    here: Any = content
    for _ in range(data.draw(st.integers(1, 4))):
        keys = list(here) if isinstance(here, dict) else list(range(len(here)))
        if not keys:
            break
        key = data.draw(st.sampled_from(keys))
        if not isinstance(here[key], dict | list) or data.draw(st.booleans()):
            here[key] = data.draw(junk)
            break
        here = here[key]

    problems = problems_of_parsing(Source("test.toml", "", content))

    assert all(problem.message and problem.remedy for problem in problems)


@settings(max_examples=sized(40, 200))
@given(st.data())
def test_any_key_mistyped_anywhere_is_an_error(data: st.DataObject) -> None:
    content = make.raw(data.draw(st.sampled_from([make.EXAMPLE, *make.REAL])))
    here: Any = content
    while True:
        key = data.draw(st.sampled_from(sorted(here)))
        inner = here[key]
        while isinstance(inner, list) and inner and isinstance(inner[0], dict):
            inner = data.draw(st.sampled_from(inner))
        if not isinstance(inner, dict) or data.draw(st.booleans()):
            break
        here = inner
    at = data.draw(st.integers(0, len(key)))
    here[key[:at] + data.draw(st.sampled_from("xq-")) + key[at:]] = here.pop(key)

    assert problems_of_parsing(Source("test.toml", "", content))


@settings(max_examples=sized(30, 120))
@given(st.data())
def test_any_damaged_file_is_read_or_refused_by_name(data: st.DataObject) -> None:
    content = bytearray(make.EXAMPLE.read_bytes())
    at = data.draw(st.integers(0, len(content) - 1))
    length = data.draw(st.integers(0, 6))
    content[at : at + length] = data.draw(st.binary(max_size=4))

    try:
        source = read_bytes(bytes(content), "damaged.toml")
    except PolicyError as error:
        problems = error.problems
    else:
        problems = problems_of_parsing(source)

    assert {problem.file for problem in problems} <= {"damaged.toml"}


@settings(max_examples=sized(60, 400))
@given(st.binary(max_size=200))
def test_any_bytes_are_refused_by_name(content: bytes) -> None:
    with pytest.raises(PolicyError):
        parse(read_bytes(content, "junk.toml"))
