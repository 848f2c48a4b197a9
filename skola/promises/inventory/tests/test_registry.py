"""What the register says of the tables that there are."""

import pytest

from skola.ground.people.models import Account, Person
from skola.promises.inventory.api import (
    Hop,
    Need,
    categories_held,
    clocked,
    declaration_of,
    declarations,
    events_emitted,
    states_known,
)
from skola.promises.inventory.registry import BadPathError, resolve
from skola.promises.policy.vocabulary import CATEGORIES, EVENTS


def test_a_person_is_a_row_of_two_parts() -> None:
    person = declaration_of("people.person")
    assert person.subject_is_row
    assert [(part.category, part.due) for part in person.parts] == [
        ("identity", "due_identity_at"),
        ("contact", "due_contact_at"),
    ]
    assert all(column.possible for part in person.parts for column in part.columns)


def test_a_person_stays_while_other_rows_need_it() -> None:
    needed_by = declaration_of("people_person").needed_by
    assert Need("people_preferences", "person_id") in needed_by
    assert Need("people_person", "person_id") in declaration_of("people_preferences").needs
    assert "retention_fact" not in {need.table for need in needed_by}, "facts go with the person"


def test_tables_of_libraries_go_with_the_account() -> None:
    address = declaration_of("account_emailaddress")
    assert address.goes_with == Hop("user_id", "people_account", "id")
    assert address.subject is not None
    assert address.subject.hops == (Hop("user_id", "people_account", "id"),)
    assert address.subject.column == "person_id"


def test_sessions_end_by_themselves() -> None:
    part = declaration_of("django_session").parts[0]
    assert (part.due, part.expires) == ("expire_date", True)


def test_a_path_breaks_where_there_is_no_foreign_key() -> None:
    assert resolve(Account, "person__created_at").column == "created_at"
    with pytest.raises(BadPathError, match="no foreign key"):
        resolve(Account, "email__person_id")
    with pytest.raises(BadPathError, match="no column"):
        resolve(Person, "shoe_size")


def test_everything_personal_has_an_end_somehow() -> None:
    loose = [
        one.table
        for one in declarations()
        if one.is_personal
        and not (one.parts or one.goes_with or one.goes_with_holder or one.until_subject_ends)
    ]
    assert loose == []


def test_the_register_answers_in_words_of_the_vocabulary() -> None:
    assert set(categories_held()) <= set(CATEGORIES)
    assert events_emitted() <= set(EVENTS)
    assert "enquiry.open" in states_known()
    assert declaration_of("people_account") in clocked()


def test_an_unknown_model_is_an_error() -> None:
    with pytest.raises(KeyError, match="no declaration"):
        declaration_of("people.ghost")
