"""Migrations in a house where every table hangs on the tenant.

When a migration changes a table, Django renders anew, for the state in between, every model that is
related to it, over however many steps in either direction. Here that is every model there is, since
all of them point to the tenant, and a new database would take its time with the square of their
number. What has to be rendered is the model itself and those that point to it: they hold the class
that it was.
"""

from typing import Any

from django.db.migrations.state import ProjectState

Key = tuple[str, str]
"""The label of an app, and the name of a model in small letters."""


def render_what_points_to_a_change() -> None:
    """Let a change of a table render the model anew, and those that point to it."""
    ProjectState._find_reload_model = _pointing_to  # type: ignore[attr-defined]


def _pointing_to(state: Any, app_label: str, model_name: str, delay: bool = False) -> set[Key]:
    """The model and those that point to it or inherit from it, over however many steps.

    Nothing is delayed (``delay`` stands for "as little as will do for this operation").
    """
    found: set[Key] = set()
    waiting = [(app_label, model_name)]
    while waiting:
        key = waiting.pop()
        if key not in found:
            found.add(key)
            waiting += state.relations.get(key, ())
            waiting += (heir for heir, one in state.models.items() if ".".join(key) in _bases(one))
    return found


def _bases(model: Any) -> set[str]:
    return {base.lower() for base in model.bases if isinstance(base, str)}
