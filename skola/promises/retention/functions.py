"""Functions of the database for each table with a clock, installed with its triggers.

* What is asked of every table: do rows wait for their date, is anything due. Such a question to a
  hundred tables takes much longer to plan than to answer, and the plan of a function is kept for as
  long as the session. So is that of removing rows which a hundred tables may need. One plan serves
  all values from the first time on: it goes by the order of an index, whatever is asked.
* Where the application's role may not delete rows (the audit), a function that deletes due ones
  only.

All but the last run with the rights of who calls them, behind the walls. What an index has in order
is looked for in that order: where nothing is due, nobody reads a table to the end to find it out.
"""

from collections.abc import Iterator
from enum import StrEnum

from skola.ground.db.walls import APP_ROLE
from skola.promises.inventory.api import Declaration, Need, Part
from skola.promises.retention.rows import Given, is_open, is_theirs, is_whole, of_tenant
from skola.promises.retention.sql import literal, quoted


class Asked(StrEnum):
    """What can be asked of a part of a table, by what is stored."""

    FILLED = "filled"
    """Are there rows at all?"""
    WAITING = "waiting"
    """Has a row no date?"""
    OVERDUE = "overdue"
    """Is a row due at the given moment?"""
    SOON = "soon"
    """Does a row come due, or is it sealed, between the given moments?"""
    THEIRS = "theirs"
    """Have the given persons rows whose dates have not passed at the given moment?"""
    THEIRS_SOON = "theirs soon"
    """Does a row of theirs come due between the given moments, or is one sealed by the second?

    What is sealed already counts, too: it may be in use again.
    """


def functions_of(declaration: Declaration) -> Iterator[str]:
    """Return the statements that make the functions of a table, but for those of its parts."""
    if declaration.stays:
        yield _removing(declaration)
    if not declaration.may_delete:
        yield _forgetting(declaration)


def asking_name(declaration: Declaration, part: Part) -> str:
    """Return the name of the function that answers what is asked of a part."""
    return f"retention_asked_{declaration.table}_{part.due}"


def asking(declaration: Declaration, part: Part) -> str:
    """Return the statement that makes the function which answers what is asked of a part."""
    answers = " ".join(
        f"when {literal(asked.value)} then return {test};"
        for asked, test in _tests(declaration, part).items()
    )
    return f"""
    create or replace function {asking_name(declaration, part)}(
        _asked text, {Given.TENANT} uuid, {Given.NOW} timestamptz, {Given.UNTIL} timestamptz,
        {Given.PERSONS} uuid[]
    ) returns boolean language plpgsql stable set plan_cache_mode = force_generic_plan as $$
    begin
        case _asked {answers} end case;
    end $$;
    """


def _tests(declaration: Declaration, part: Part) -> dict[Asked, str]:
    table = quoted(declaration.table)
    due, seal = f"{table}.{quoted(part.due)}", f"{table}.{quoted(part.seal)}"
    rows = f"from {table} where {of_tenant(declaration, Given.TENANT)}"
    first_due = f"select {due} {rows} and {due} is not null"
    theirs = is_theirs(declaration, Given.TENANT, Given.PERSONS)
    their_rows = f"{rows} and {theirs}"
    near = f"{due} > {Given.NOW} and {due} < {Given.UNTIL} or {seal} < {Given.UNTIL}"
    return {
        Asked.FILLED: f"exists (select 1 {rows})",
        Asked.WAITING: f"exists (select 1 {rows} and {due} is null)",
        Asked.OVERDUE: _is_true(f"({first_due} order by {due} limit 1) <= {Given.NOW}"),
        Asked.SOON: (
            _is_true(
                f"({first_due} and {due} > {Given.NOW} order by {due} limit 1) < {Given.UNTIL}"
            )
            + " or "
            + _is_true(
                f"(select {seal} {rows} and {seal} > {Given.NOW} order by {seal} limit 1)"
                f" < {Given.UNTIL}"
            )
        ),
        Asked.THEIRS: (
            f"exists (select 1 {their_rows} and {is_open(declaration, part, Given.NOW)})"
            if theirs
            else "false"
        ),
        Asked.THEIRS_SOON: f"exists (select 1 {their_rows} and ({near}))" if theirs else "false",
    }


def _is_true(test: str) -> str:
    return f"coalesce({test}, false)"


def removing_name(declaration: Declaration) -> str:
    """Return the name of the function that removes emptied rows which nothing needs."""
    return f"retention_remove_{declaration.table}"


def _removing(declaration: Declaration) -> str:
    """A function that removes rows that have no part left and that nothing needs.

    All such rows of the tenant, or those among the given keys; it returns their keys.
    """
    table, key = quoted(declaration.table), quoted(declaration.key)
    emptied = f"{of_tenant(declaration, Given.TENANT)} and {is_whole(declaration)}"
    these = f"{emptied} and {table}.{key} = any ({Given.ROWS})"
    unneeded = "".join(f" and {_not_needed(declaration, need)}" for need in declaration.needed_by)

    def remove(test: str) -> str:
        return f"return query delete from {table} where {test}{unneeded} returning {table}.{key};"

    return f"""
    create or replace function {removing_name(declaration)}(
        {Given.TENANT} uuid, {Given.ROWS} uuid[]
    ) returns setof uuid language plpgsql set plan_cache_mode = force_generic_plan as $$
    begin
        if {Given.ROWS} is null and exists (select from {table} where {emptied}) then
            {remove(emptied)}
        elsif {Given.ROWS} is not null and exists (select from {table} where {these}) then
            {remove(these)}
        end if;
    end $$;
    """


def _not_needed(declaration: Declaration, need: Need) -> str:
    table, other = quoted(declaration.table), quoted(need.table)
    same = f"n.tenant_id = {table}.tenant_id and n.{quoted(need.column)}"
    return f"not exists (select 1 from {other} n where {same} = {table}.{quoted(declaration.key)})"


def forgetting_name(declaration: Declaration) -> str:
    """Return the name of the function that deletes due rows of a table we may not delete from."""
    return f"retention_forget_{declaration.table}"


def _forgetting(declaration: Declaration) -> str:
    """A function of the owner that deletes due rows, and only those, of the speaking tenant."""
    table = quoted(declaration.table)
    name, due = forgetting_name(declaration), quoted(declaration.parts[0].due)
    key = quoted(declaration.key)
    return f"""
    create or replace function {name}(wanted uuid[], as_of timestamptz) returns setof uuid
    language sql security definer set search_path = public, pg_temp as $$
        delete from {table}
         where tenant_id = nullif(current_setting('skola.tenant', true), '')::uuid
           and {key} = any (wanted) and {due} <= as_of
        returning {key};
    $$;
    revoke all on function {name}(uuid[], timestamptz) from public;
    grant execute on function {name}(uuid[], timestamptz) to {APP_ROLE};
    """
