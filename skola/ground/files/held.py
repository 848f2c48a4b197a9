"""A file lives no longer than the row that holds it: triggers for the tables of other rooms.

A sweep deletes rows by the thousand and calls nobody's Python. The database itself lets go of the
files of a deleted row, and of a file that was replaced by another.
"""

from django.db.migrations.operations import RunSQL


def files_go_with(table: str, column: str) -> RunSQL:
    """Return the migration step after which files named in ``table.column`` go with their rows.

    The column names one StoredFile, which nothing else may name.
    """
    name = f"files_{column}_goes"
    return RunSQL(
        f"""
        create trigger {name} after delete on "{table}"
            for each row execute function files_let_go('{column}');
        create trigger {name}_changed after update of "{column}" on "{table}"
            for each row when (old."{column}" is distinct from new."{column}")
            execute function files_let_go('{column}');
        """,
        f"""
        drop trigger {name} on "{table}";
        drop trigger {name}_changed on "{table}";
        """,
    )
