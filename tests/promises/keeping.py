"""``@keeps``: this test keeps these clauses, acting from outside as their checks say."""

from collections.abc import Callable
from typing import Any, TypeVar

import pytest

Test = TypeVar("Test", bound=Callable[..., Any])


def keeps(*clauses: str) -> Callable[[Test], Test]:
    """Mark a test as the keeper of clauses; ``skola clauses`` reads the marks."""
    return pytest.mark.keeps(*clauses)
