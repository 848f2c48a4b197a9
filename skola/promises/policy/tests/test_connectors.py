"""P028: what a connector sends; and what a notice tells of processors that are not in use."""

from typing import Any

import pytest

from skola.promises.policy.lints import lint
from skola.promises.policy.prose import without_items
from skola.promises.policy.tests import make


def found(*added: dict[str, Any]) -> list[tuple[str, str]]:
    """What P028 says of the example with these beside its processors; its own is the hosting."""
    policy = make.policy(lambda raw: raw["processor"].extend(added))
    return [(one.key, one.message) for one in lint(policy) if one.code == "P028"]


def processor(task: str, **rest: list[str]) -> dict[str, Any]:
    told = {"does": ["x"], "contract": "DPA", "location": "EEA", "name": {"en": "x", "et": "x"}}
    return {"id": "x", "task": task, **told, **rest}


@pytest.mark.parametrize(
    ("added", "expected"),
    [
        (processor("error-logging", sends=["error", "place", "page"]), []),
        (processor("archive", sends=["page"]), [("sends", "no connector sends this")]),
        (
            processor("error-logging", sends=["error", "place", "words"]),
            [("sends", '"words" is not sent by "error-logging"')],
        ),
        (
            processor("usage-analysis", sends=["day"]),
            [("sends", "without page, visits it has nothing to do")],
        ),
        (
            processor("contact-register"),
            [("fields", "a register of contacts that is told nothing")],
        ),
        (
            processor("error-logging", sends=["error", "place"], categories=["contact"]),
            [("categories", "what it sends is of the category usage, which they may not have")],
        ),
        (
            processor("hosting"),
            [("task", 'there are 2 of the task "hosting", and one connector')] * 2,
        ),
    ],
)
def test_a_connector_sends_what_its_task_needs(
    added: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert found(added) == expected


def test_work_for_the_controller_is_no_recipient_s() -> None:
    """Who is a third party decides for itself; a connector works for the controller."""
    policy = make.policy(lambda raw: raw["recipient"][0].update(task="error-logging"))

    (said,) = (one for one in lint(policy) if one.code == "P028")

    assert (said.key, said.message) == (
        "task",
        '"error-logging" is work for the controller, and this is a recipient',
    )


@pytest.mark.parametrize(
    ("unused", "left"),
    [
        ([], "It is ours. The {processor.a.name:lower} may, e.g. at night, see it. That is all."),
        (
            ["b"],
            "It is ours. The {processor.a.name:lower} may, e.g. at night, see it. That is all.",
        ),
        (["a"], "It is ours. That is all."),
    ],
)
def test_a_sentence_goes_with_the_processor_that_it_names(unused: list[str], left: str) -> None:
    text = "It is ours. The {processor.a.name:lower} may, e.g. at night, see it. That is all."

    assert without_items(text, unused) == left


LIST = """
These work for us:
- the {processor.a.name:lower};
- the {processor.a-b.name};
- the {processor.c.name:lower}."""


@pytest.mark.parametrize(
    ("unused", "left"),
    [
        ([], LIST),
        (
            ["a"],
            "\nThese work for us:\n- the {processor.a-b.name};\n- the {processor.c.name:lower}.",
        ),
        (
            ["c"],
            "\nThese work for us:\n- the {processor.a.name:lower};\n- the {processor.a-b.name}.",
        ),
    ],
)
def test_an_item_of_a_list_goes_with_the_processor_that_it_names(
    unused: list[str], left: str
) -> None:
    assert without_items(LIST, unused) == left
