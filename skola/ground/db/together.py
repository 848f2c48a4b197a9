"""Several questions in one statement: which of some rows are there, and how many of each."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.db.models.sql.query import Query


def are_there(asked: Sequence[QuerySet[Any]]) -> list[bool]:
    """Return for each, in its order, whether one of its rows is there."""
    return _answers("exists ({})", [rows.query.exists() for rows in asked])


def counts(asked: Sequence[QuerySet[Any]]) -> list[int]:
    """Return for each, in its order, how many rows there are."""
    form = "(select count(*) from ({}) one)"
    return _answers(form, [rows.order_by().values("pk").query for rows in asked])


def _answers(form: str, queries: Sequence[Query]) -> list[Any]:
    texts, values = [], []
    for query in queries:
        try:
            text, given = query.get_compiler(connection=connection).as_sql()
        except EmptyResultSet:
            text, given = "select where false", ()
        texts.append(form.replace("{}", text))
        values += given
    if not texts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"select {', '.join(texts)}", values)
        return list(cursor.fetchone())
