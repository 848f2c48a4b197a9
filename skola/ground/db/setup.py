"""Make the roles and the database of an installation on a server whose superuser we are."""

import psycopg
from psycopg import sql

from skola.ground.db.local import LocalServer

OWNER = "skola_owner"
APP = "skola_app"
BACKUP = "skola_backup"


def prepare(server: LocalServer, database: str = "skola") -> None:
    """Create the owner's role, the application's role and the database, where missing.

    The owner migrates and owns the tables; the application owns nothing and cannot pass row-level
    security. The owner may take the application's role, as the tests do. The backup's role passes
    row-level security, which hides rows from the owner too, and can only read. The server's log
    tells what failed without the values that did (they stand in its details).
    """
    with psycopg.connect(server.url("postgres", "postgres"), autocommit=True) as connection:
        connection.execute("alter system set log_error_verbosity = terse")
        connection.execute("select pg_reload_conf()")
        for role, rights in ((OWNER, "createdb"), (APP, "")):
            if not _exists(connection, "pg_roles", "rolname", role):
                statement = (
                    "create role {} login nosuperuser nobypassrls " + rights + " password {}"
                )
                connection.execute(
                    sql.SQL(statement).format(sql.Identifier(role), sql.Literal(server.password))
                )
        if not _exists(connection, "pg_roles", "rolname", BACKUP):
            statement = "create role {} login nosuperuser bypassrls password {}"
            connection.execute(
                sql.SQL(statement).format(sql.Identifier(BACKUP), sql.Literal(server.password))
            )
        connection.execute(f"grant pg_read_all_data to {BACKUP}")
        connection.execute(f"alter role {BACKUP} set default_transaction_read_only = on")
        connection.execute(f"grant {APP} to {OWNER}")
        if not _exists(connection, "pg_database", "datname", database):
            connection.execute(
                sql.SQL("create database {} owner {} encoding 'UTF8'").format(
                    sql.Identifier(database), sql.Identifier(OWNER)
                )
            )


def _exists(connection: psycopg.Connection, table: str, column: str, value: str) -> bool:
    query = sql.SQL("select 1 from {} where {} = %s").format(
        sql.Identifier(table), sql.Identifier(column)
    )
    return connection.execute(query, [value]).fetchone() is not None
