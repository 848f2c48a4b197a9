"""A place that a room adds to the rail has a picture of its own: an unknown name is only a dot."""

import ast
from collections.abc import Iterator
from pathlib import Path

from skola.ground.ui.icons import NAMES

HOUSE = Path(__file__).parents[2] / "skola"


def pictures() -> Iterator[tuple[str, str]]:
    """Each icon that a place names, with the file."""
    for file in sorted(HOUSE.rglob("*.py")):
        text = file.read_text(encoding="utf-8")
        if "Place(" not in text or "tests" in file.parts:
            continue
        for node in ast.walk(ast.parse(text)):
            if not isinstance(node, ast.Call) or getattr(node.func, "id", "") != "Place":
                continue
            named = [*node.args[2:3], *(one.value for one in node.keywords if one.arg == "icon")]
            for one in named:
                if isinstance(one, ast.Constant):
                    yield str(file.relative_to(HOUSE)), str(one.value)


def test_every_place_of_the_rail_has_an_icon_that_exists() -> None:
    found = list(pictures())

    assert len(found) > 40
    assert [each for each in found if each[1] not in NAMES] == []
