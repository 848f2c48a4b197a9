"""Every mistake that a declaration can have is found, and a whole one has none."""

import itertools
from collections.abc import Iterator
from typing import Any, ClassVar

import pytest
from django.core.management import call_command
from django.db import models
from django.db.models import Q
from django.test.utils import isolate_apps

from skola.ground.people.models import Person
from skola.promises.inventory.catalogue import catalogue_is_declared, compare
from skola.promises.inventory.checks import check_model, declarations_are_whole
from skola.promises.inventory.registry import declarations

NUMBERS = itertools.count()
"""Each model of a test has a name of its own."""
WHOLE: dict[str, Any] = {
    "subject": "person_id",
    "fields": {"person": "enquiry", "text": "enquiry"},
    "not_personal": {
        "id": "surrogate key",
        "made_at": "moment of an act",
        "ended_at": "moment of an act",
        "flag": "a setting",
        "due_at": "retention clock",
    },
    "anchors": {"record.created": "made_at"},
    "states": {"enquiry.open": "ended_at"},
    "conditions": {"line.announced": Q(flag=True)},
    "relations": {"person_id": "author"},
}


@pytest.fixture
def person() -> Iterator[type[models.Model]]:
    with isolate_apps("skola.promises.inventory"):

        class Person(models.Model):
            class Meta:
                app_label = "inventory"

        yield Person


def row(person: type[models.Model], **changes: Any) -> type[models.Model]:
    """A model whose declaration is whole but for ``changes``; columns are given with a ``_``."""
    columns: dict[str, Any] = {
        "person": models.ForeignKey(person, on_delete=models.CASCADE),
        "text": models.TextField(),
        "made_at": models.DateTimeField(),
        "ended_at": models.DateTimeField(null=True),
        "flag": models.BooleanField(default=False),
        "due_at": models.DateTimeField(null=True),
    }
    columns |= {name[1:]: column for name, column in changes.items() if name.startswith("_")}
    said = WHOLE | {name: word for name, word in changes.items() if not name.startswith("_")}
    meta = type("Meta", (), {"app_label": "inventory"})
    inner = {} if said.pop("nothing", False) else {"PersonalData": type("PersonalData", (), said)}
    kept = {name: column for name, column in columns.items() if column is not None}
    module = {"__module__": __name__, "Meta": meta}
    return type(f"Row{next(NUMBERS)}", (models.Model,), {**module, **kept, **inner})


def codes(model: type[models.Model]) -> list[str]:
    return [str(message.id).removeprefix("privacy.") for message in check_model(model)]


def without(key: str, name: str) -> dict[str, Any]:
    return {key: {word: said for word, said in WHOLE[key].items() if word != name}}


def test_a_whole_declaration_has_no_mistakes(person: type[models.Model]) -> None:
    assert codes(row(person)) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (without("fields", "text"), "E001"),
        (without("not_personal", "flag"), "E001"),
        ({"fields": {"person": "enquiry", "text": "gossip"}}, "E002"),
        ({"_due_at": None, **without("not_personal", "due_at")}, "E003"),
        ({"subject": "owner_id"}, "E004"),
        ({"subject": "text__person_id"}, "E004"),
        ({"relations": {"nobody_id": "author"}}, "E004"),
        ({"not_personal": {**WHOLE["not_personal"], "flag": " "}}, "E006"),
        ({"goes_with": "text"}, "E007"),
        ({"goes_with": "nobody"}, "E007"),
        ({"anchors": {"record.created": "born_at"}}, "E008"),
        ({"states": {"enquiry.open": "flag__ended_at"}}, "E008"),
        ({"nothing": True}, "E009"),
        ({"fields": {**WHOLE["fields"], "old": "enquiry"}}, "E010"),
        ({"fields": {**WHOLE["fields"], "flag": "enquiry"}}, "E010"),
        ({"anchors": {}}, "E011"),
        ({"anchors": {"record.created": "made_at", "record.lost": "made_at"}}, "E013"),
        ({"states": {"enquiry.closed": "ended_at"}}, "E013"),
        ({"conditions": {"line.busy": Q(flag=True)}}, "E013"),
        ({"relations": {"person_id": "friend"}}, "E013"),
        ({"conditions": {"line.announced": Q(line__flag=True)}}, "E014"),
        ({"conditions": {"line.announced": Q(flag=True) & ~Q(other=1)}}, "E014"),
    ],
)
def test_a_mistake_is_found(
    person: type[models.Model], changes: dict[str, Any], expected: str
) -> None:
    assert expected in codes(row(person, **changes))


def test_a_path_to_the_person_without_index_is_found(person: type[models.Model]) -> None:
    unindexed = models.ForeignKey(person, on_delete=models.CASCADE, db_index=False)
    assert codes(row(person, _person=unindexed)) == ["E005"]


def _other(**options: Any) -> Any:
    return models.ForeignKey(Person, related_name="+", **options)


def test_what_a_second_person_is_to_a_row_is_said(person: type[models.Model]) -> None:
    helper = _other(on_delete=models.SET_NULL, null=True)
    told = {"fields": {**WHOLE["fields"], "helper": "enquiry"}, "_helper": helper}
    assert codes(row(person, **told)) == ["E015"]
    related = {"relations": {"person_id": "author", "helper_id": "staff"}}
    assert codes(row(person, **told, **related)) == []


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"on_delete": models.SET_NULL, "null": True, "db_index": False}, "E005"),
        ({"on_delete": models.PROTECT}, "E016"),
    ],
)
def test_a_second_person_can_be_found_and_taken_out(
    person: type[models.Model], options: dict[str, Any], expected: str
) -> None:
    told = {"fields": {**WHOLE["fields"], "helper": "enquiry"}, "_helper": _other(**options)}
    assert codes(row(person, **told, relations={"helper_id": "mentioned"})) == [expected]


def test_a_parent_that_does_not_take_its_rows_along_is_found(
    person: type[models.Model],
) -> None:
    kept = models.ForeignKey(person, on_delete=models.PROTECT)
    assert codes(row(person, _person=kept, goes_with="person")) == ["E007"]
    assert codes(row(person, goes_with="person")) == []


def test_parts_of_one_row_must_be_able_to_go_alone(person: type[models.Model]) -> None:
    two = {"person": "enquiry", "text": "contact"}
    clocks = {
        "_due_at": None,
        "_due_enquiry_at": models.DateTimeField(null=True),
        "_due_contact_at": models.DateTimeField(null=True),
        "not_personal": {
            **without("not_personal", "due_at")["not_personal"],
            "due_enquiry_at": "retention clock",
            "due_contact_at": "retention clock",
        },
    }
    assert codes(row(person, fields=two, **clocks)) == ["E012"], "the key must not be null"
    nullable = models.ForeignKey(person, on_delete=models.CASCADE, null=True)
    assert codes(row(person, fields=two, _person=nullable, **clocks)) == []


def test_a_row_that_ends_by_itself_needs_no_other_clock(person: type[models.Model]) -> None:
    model = row(person, expires="ended_at", _due_at=None, **without("not_personal", "due_at"))

    assert codes(model) == []


def test_a_secret_is_among_the_personal_columns(person: type[models.Model]) -> None:
    assert codes(row(person, secrets={"text"})) == []
    assert codes(row(person, secrets={"flag"})) == ["E010"]


def test_a_name_that_sounds_personal_is_asked_about(person: type[models.Model]) -> None:
    asked = row(
        person,
        _phone=models.TextField(),
        not_personal={**WHOLE["not_personal"], "phone": "of the school"},
    )
    assert codes(asked) == ["W001"]


def test_a_table_of_nobody_needs_no_clock(person: type[models.Model]) -> None:
    class Setting(models.Model):
        name = models.TextField()

        class PersonalData:
            subject = None
            fields: ClassVar[dict[str, str]] = {}
            not_personal = {"id": "surrogate key", "name": "name of a setting"}

        class Meta:
            app_label = "inventory"

    assert codes(Setting) == []


def test_every_model_of_this_release_is_declared() -> None:
    assert [one for one in declarations_are_whole(None) if one.is_serious()] == []


@pytest.mark.django_db
def test_the_catalogue_has_no_table_and_no_column_that_is_not_declared() -> None:
    assert catalogue_is_declared(None, databases=["default"]) == []


def test_an_undeclared_table_is_an_error() -> None:
    found = compare([("public", "stray", "id"), ("other", "people_person", "id")], declarations())
    assert [str(message.id) for message in found] == ["privacy.E020"] * 2


def test_an_undeclared_column_is_an_error() -> None:
    columns = [("public", "people_person", "given_name"), ("public", "people_person", "shoe_size")]
    found = compare(columns, declarations())
    assert [str(message.id) for message in found] == ["privacy.E021"]
    assert "shoe_size" in found[0].msg


@pytest.mark.django_db
def test_manage_check_runs_both(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("check", "--tag", "privacy", "--database", "default")
