"""What a copy shows of a record, by what the person is to it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skola.promises.rights.access.rules import (
    Shown,
    file_name,
    may_be_taken_along,
    next_batch,
    shown,
)


def how(column: str, relation: str) -> Shown:
    return shown(
        column,
        relation=relation,
        personal={"author_id", "text", "password", "enquiry_id"},
        names_a_person={"author_id"},
        leads_elsewhere={"enquiry_id"},
        secrets={"password"},
    )


@pytest.mark.parametrize("relation", ["owner", "author", "counterpart"])
def test_who_has_a_part_in_a_record_sees_it_without_other_people(relation: str) -> None:
    seen = {column: how(column, relation) for column in ("author_id", "text", "kind", "enquiry_id")}

    assert seen == {
        "author_id": Shown.IF_YOU,
        "text": Shown.WHOLE,
        "kind": Shown.WHOLE,
        "enquiry_id": Shown.MASKED,
    }


@pytest.mark.parametrize("relation", ["mentioned", "staff"])
def test_who_is_only_named_in_a_record_sees_that_and_when(relation: str) -> None:
    seen = {column: how(column, relation) for column in ("author_id", "text", "kind")}

    assert seen == {"author_id": Shown.IF_YOU, "text": Shown.MASKED, "kind": Shown.WHOLE}


@pytest.mark.parametrize("relation", ["owner", "author", "counterpart", "mentioned", "staff"])
def test_a_secret_is_never_shown(relation: str) -> None:
    assert how("password", relation) is Shown.KEPT_BACK


@pytest.mark.parametrize(
    ("sources", "bases", "belongs"),
    [
        (["subject"], ["contract"], True),
        (["service"], ["consent", "legal-obligation"], True),
        (["staff"], ["contract"], False),
        (["subject"], ["legal-obligation", "legitimate-interest"], False),
        (["subject"], [], False),
    ],
)
def test_what_is_provided_under_contract_or_consent_may_be_taken_along(
    sources: list[str], bases: list[str], belongs: bool
) -> None:
    assert may_be_taken_along(sources, bases) is belongs


@given(st.integers(0, 5_000), st.integers(0, 1 << 32))
def test_a_batch_is_at_least_one_row_and_about_a_mebibyte(rows: int, size: int) -> None:
    found = next_batch(rows, size)

    assert 1 <= found <= 5_000
    if rows and found > 1:
        assert found * (size // rows) <= 1 << 20


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Bērziņa CV.pdf", "7-Bērziņa CV.pdf"),
        ("../../etc/passwd", "7-_.._etc_passwd"),
        ('a<b>:"|?*.txt', "7-a_b______.txt"),
        ("", "7"),
        ("...", "7"),
        ("x" * 200 + ".pdf", "7-" + "x" * 76 + ".pdf"),
    ],
)
def test_the_name_of_an_original_is_one_that_every_system_takes(name: str, safe: str) -> None:
    assert file_name("7", name) == safe
