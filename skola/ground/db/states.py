"""Migrations in a house where every table hangs on the tenant.

When Django adds a table to the state of a migration, it renders anew every model that is related to
it, over however many steps. Here that is every model there is, since all of them point to the
tenant, and a new database would take its time with the square of their number.
"""

from typing import Any

from django.db.migrations.state import ModelState, ProjectState


def render_new_tables_alone() -> None:
    """Let a table that is new to a state be rendered by itself: nothing points to it yet.

    Tables that the state has already are rendered by Django's own rule.
    """
    if ProjectState.add_model is not _add_model:
        ProjectState.add_model = _add_model  # type: ignore[method-assign]


_django_adds = ProjectState.add_model


def _add_model(self: ProjectState, model_state: ModelState) -> None:
    key = (model_state.app_label, model_state.name_lower)
    if "apps" not in vars(self) or key[1] in self.apps.all_models[key[0]]:
        _django_adds(self, model_state)
        return
    inside: Any = self  # its underscored parts are left out of the type stubs
    self.models[key] = model_state
    if inside._relations is not None:
        inside.resolve_model_relations(key)
    inside._reload({key})
