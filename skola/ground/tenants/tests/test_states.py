from typing import Any

from django.db import models
from django.db.migrations.state import ModelState, ProjectState


def state_of(name: str, /, **fields: Any) -> ModelState:
    key = models.BigAutoField(primary_key=True)
    return ModelState("house", name, [("id", key), *fields.items()])


def a_house() -> ProjectState:
    """A state that is rendered already, with one table in it."""
    state = ProjectState()
    state.add_model(state_of("Tenant", name=models.TextField()))
    assert state.apps.get_model("house", "tenant")
    return state


def points_to_tenant() -> Any:
    return models.ForeignKey("house.Tenant", on_delete=models.CASCADE)


def test_a_table_that_is_added_finds_those_it_points_to_and_leaves_them_as_they_were() -> None:
    state = a_house()
    tenant = state.apps.get_model("house", "tenant")
    state.add_model(state_of("Room", tenant=points_to_tenant()))
    room = state.apps.get_model("house", "room")
    assert state.apps.get_model("house", "tenant") is tenant
    assert room._meta.get_field("tenant").related_model is tenant
    assert [one.related_model for one in tenant._meta.related_objects] == [room]


def test_a_table_may_point_to_one_that_comes_after_it() -> None:
    state = a_house()
    state.add_model(state_of("Key", door=models.ForeignKey("house.Door", on_delete=models.CASCADE)))
    state.add_model(state_of("Door", tenant=points_to_tenant()))
    key, door = state.apps.get_model("house", "key"), state.apps.get_model("house", "door")
    assert key._meta.get_field("door").related_model is door


def test_a_table_that_is_there_already_is_rendered_with_its_relations() -> None:
    state = a_house()
    state.add_model(state_of("Room", tenant=points_to_tenant()))
    state.add_model(state_of("Tenant", name=models.TextField(), slug=models.TextField()))
    room, tenant = state.apps.get_model("house", "room"), state.apps.get_model("house", "tenant")
    assert tenant._meta.get_field("slug") is not None
    assert room._meta.get_field("tenant").related_model is tenant
