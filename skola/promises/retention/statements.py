"""The statements of clocking and sweeping, put together from the expressions of ``sql``.

Each acts on one batch of one part of one table, in one statement: choose and lock, compute, act,
and write the audit. Rows that somebody else has locked are left for the next round.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from skola.ground.ids import uuid7
from skola.promises.inventory.api import Blank, Declaration, Part, declaration_of
from skola.promises.retention.functions import forgetting_name
from skola.promises.retention.rows import is_open, is_whole, of_tenant
from skola.promises.retention.rules import ANONYMOUS, GONE, Action
from skola.promises.retention.sql import Clockwork, literal, quoted

KIND = "retention.swept"


@dataclass(frozen=True)
class Batch:
    """Of which tenant, as of when, how many rows at most, and whether anything is on hold."""

    tenant: UUID
    now: datetime
    limit: int
    holds: bool
    refused: tuple[str, ...] = ()
    """Rules that may not erase now."""
    last: tuple[datetime, object] | None = None
    """Due date and key of the last row of the batch before; this one begins after it."""
    after_key: object = None
    """Key of the last row of the batch before, where rows go in the order of their keys."""


def _chosen(
    work: Clockwork, batch: Batch, test: str, order: str, *, locked: str = " skip locked"
) -> str:
    columns, joins = work.told()
    table = quoted(work.declaration.table)
    return (
        f"select {columns}{_stored(work)} from {table}{joins}"
        f" where {of_tenant(work.declaration, batch.tenant)} and {test}"
        f" order by {order} limit {batch.limit} for update of {table}{locked}"
    )


def _stored(work: Clockwork) -> str:
    """What is noted of the part by now, each led by a comma."""
    table = quoted(work.declaration.table)
    names = zip(work.part.moments, ("stored", "stored_seal", "stored_kept"), strict=True)
    return "".join(f", {table}.{quoted(column)} as {name}" for column, name in names)


def _noted(work: Clockwork) -> str:
    """The assignments that note what was judged."""
    names = zip(work.part.moments, ("due", "seal", "kept"), strict=True)
    return ", ".join(f"{quoted(column)} = judged.{name}" for column, name in names)


def note(work: Clockwork, test: str) -> str:
    """Return the statement that notes what was ``judged`` of the rows of a test."""
    here = _at_place(work, f"select place from judged where {test}")
    return f"update {quoted(work.declaration.table)} set {_noted(work)} from judged where {here}"


def _due(work: Clockwork) -> str:
    return f"{quoted(work.declaration.table)}.{quoted(work.part.due)}"


def _turns_within(work: Clockwork, now: datetime, until: datetime) -> str:
    """The test that a row comes due, or is sealed, between two moments."""
    table = quoted(work.declaration.table)
    moments = (f"{table}.{quoted(column)}" for column in (work.part.due, work.part.seal))
    within = (f"{one} > {literal(now)} and {one} < {literal(until)}" for one in moments)
    return f"({' or '.join(within)})"


def due_keys(work: Clockwork, tenant: UUID, now: datetime, limit: int) -> str:
    """Return at most ``limit`` rows that are due according to their stored dates."""
    table = quoted(work.declaration.table)
    mine = of_tenant(work.declaration, tenant)
    return f"select 1 from {table} where {mine} and {_due(work)} <= {literal(now)} limit {limit}"


def foresee(
    work: Clockwork, tenant: UUID, now: datetime, until: datetime, *, holds: bool, anew: bool
) -> str:
    """Return what comes due before ``until``, by rule and local day.

    Rows of (rule, day, count, due with the day's first instant, earliest due date, one key). What
    is overdue counts to the local day of ``now``. ``anew`` looks at every row.
    """
    columns, joins = work.told()
    table, due = quoted(work.declaration.table), _due(work)
    test = f"({due} < {literal(until)} or {due} is null)"
    if anew:
        test = f"coalesce({due} < {literal(GONE)}, true)"
    mine = of_tenant(work.declaration, tenant)
    local = f"(greatest(due, {literal(now)}) at time zone {literal(work.promises.timezone)})"
    midnight = f"count(*) filter (where {local} = date_trunc('day', {local}))"
    return (
        f"with told as materialized (select {columns} from {table}{joins} where {mine} and {test})"
        f" select rule, {local}::date, count(*), {midnight}, min(due),"
        f" (array_agg(key order by due))[1]"
        f" from ({work.judged('told', holds=holds)}) judged"
        f" where due < {literal(until)} group by 1, 2 order by 1, 2"
    )


def clock(work: Clockwork, batch: Batch) -> str:
    """Fill the due dates of a batch of rows that have none."""
    table = quoted(work.declaration.table)
    key = f"{table}.{quoted(work.declaration.key)}"
    chosen = _chosen(work, batch, f"{_due(work)} is null", key)
    return (
        f"with told as materialized ({chosen})"
        f" update {table} set {_noted(work)}"
        f" from ({work.judged('told', holds=batch.holds, seals=True)}) judged"
        f" where {_at_place(work, 'select place from told')}"
    )


def _at_place(work: Clockwork, places: str) -> str:
    """The test that a row is the one judged.

    The list of places says the same twice, so that rows are fetched by place and the table is not
    read from end to end.
    """
    table = quoted(work.declaration.table)
    return f"{table}.ctid = any (array({places})) and {table}.ctid = judged.place"


def reclock(work: Clockwork, batch: Batch, until: datetime | None = None) -> str:
    """Compute anew the due dates of a batch of rows: all of them, or those due before ``until``.

    Returns how many rows it looked at, the key of the last one, and how many dates it moved. Rows
    that somebody else has locked are waited for: none may keep a date of terms that have ended.
    """
    key = f"{quoted(work.declaration.table)}.{quoted(work.declaration.key)}"
    test = f"coalesce({_due(work)} < {literal(GONE)}, true)"
    if until is not None:
        test = _turns_within(work, batch.now, until)
    if batch.after_key is not None:
        test += f" and {key} > {literal(batch.after_key)}"
    return (
        f"{_reclocked(work, batch, _chosen(work, batch, test, key, locked=''))}"
        " select (select count(*) from told),"
        " (select key from told order by key desc limit 1), (select count(*) from moved)"
    )


def reclock_those(work: Clockwork, batch: Batch, test: str) -> str:
    """Compute anew the due dates, where they have not passed, of the rows of a test."""
    columns, joins = work.told()
    table = quoted(work.declaration.table)
    told = (
        f"select {columns}{_stored(work)} from {table}{joins}"
        f" where {of_tenant(work.declaration, batch.tenant)} and {test}"
        f" and {is_open(work.declaration, work.part, batch.now)}"
        f" for update of {table}"
    )
    return f"{_reclocked(work, batch, told)} select count(*) from moved"


def _reclocked(work: Clockwork, batch: Batch, told: str) -> str:
    extra = ", told.stored, told.stored_seal, told.stored_kept"
    judged = work.judged("told", holds=batch.holds, extra=extra, seals=True)
    differs = "(stored, stored_seal, stored_kept) is distinct from (due, seal, kept)"
    return (
        f"with told as materialized ({told}), judged as materialized"
        f" (select *, {differs} as differs from ({judged}) j),"
        f" moved as ({note(work, 'differs')} and judged.differs returning 1)"
    )


def preview(work: Clockwork, tenant: UUID, now: datetime, *, holds: bool, anew: bool) -> str:
    """Return rule, count and oldest due date of what a sweep at ``now`` would erase.

    ``anew`` looks at every row instead of those due or unclocked: its terms have changed.
    """
    columns, joins = work.told()
    table, due = quoted(work.declaration.table), _due(work)
    test = f"({due} <= {literal(now)} or {due} is null)"
    if anew:
        test = f"coalesce({due} < {literal(GONE)}, true)"
    mine = of_tenant(work.declaration, tenant)
    return (
        f"with told as materialized (select {columns} from {table}{joins} where {mine} and {test})"
        f" select rule, count(*), min(due) from ({work.judged('told', holds=holds)}) judged"
        f" where due <= {literal(now)} group by rule order by rule"
    )


def milder(work: Clockwork) -> list[str]:
    """Return the rules that let the row stay without the person, where its columns allow that."""
    telling = [column for column in work.part.columns if column.tells]
    if not telling or not all(column.possible for column in telling):
        return []
    strongest: dict[str, Action] = {}
    for rule in work.ceilings:
        strongest[rule.id] = max(rule.action, strongest.get(rule.id, rule.action))
    return sorted(rule for rule, action in strongest.items() if action < Action.ERASE)


def sweep(work: Clockwork, batch: Batch, *, digest: str, version: str) -> str:
    """Act on a batch of due rows: correct the dates of those that are not, erase the others.

    Returns rows of (kind, name, count, oldest, keys): ``erased`` per rule, with the keys of rows
    that have no part left; ``freed`` per table whose emptied rows may not be needed any more;
    ``later`` for the dates corrected. The audit has an entry per rule, with a digest of the keys
    under a salt.
    """
    one, table = work.declaration, quoted(work.declaration.table)
    now = literal(batch.now)
    key = f"{table}.{quoted(one.key)}"
    order = f"{_due(work)}, {key}"
    test = f"{_due(work)} <= {now}"
    if batch.last is not None:
        test += f" and ({order}) > ({literal(batch.last[0])}, {literal(batch.last[1])})"
    told = _chosen(work, batch, test, order)
    entries = ", ".join(_entry_values(work, rule) for rule in sorted({r.id for r in work.ceilings}))
    named = f"named (rule, entry, clause, clauses, action, salt) as (values {entries})"
    if not entries:
        named = (
            "named (rule, entry, clause, clauses, action, salt) as (select ''::text,"
            " gen_random_uuid(), ''::text, ''::text, ''::text, ''::text where false)"
        )
    return f"""
    with told as materialized ({told}),
    judged as materialized ({work.judged("told", holds=batch.holds, seals=True)}),
    later as (
        {note(work, f"due > {now}")} returning 1
    ),
    {_act(work, batch)},
    {named},
    sums as (
        select acted.rule, count(*) as number, min(acted.due) as oldest,
               array_agg(acted.key) filter (where acted.whole) as whole,
               sha256(uuid_send(min(named.salt::text)::uuid) ||
                      string_agg(uuid_send(acted.key), '' order by acted.key)) as digest
          from acted join named on named.rule = acted.rule group by acted.rule
    ),
    entry as (
        insert into audit_entry (id, tenant_id, at, kind, by, subject, target, clause, detail)
        select named.entry, {literal(batch.tenant)}, {now}, {literal(KIND)}, 'system', '',
               {literal(f"{one.table}:{work.part.category}")}, named.clause,
               jsonb_build_object('rule', named.rule, 'clauses', named.clauses,
                   'action', named.action, 'table', {literal(one.table)}::text,
                   'category', {literal(work.part.category)}::text, 'count', sums.number,
                   'policy', {literal(digest)}::text, 'version', {literal(version)}::text,
                   'salt', named.salt, 'digest', encode(sums.digest, 'hex'))
          from sums join named on named.rule = sums.rule
        returning 1
    )
    select 'erased', sums.rule, sums.number, sums.oldest, sums.whole from sums
    union all select 'later', '', (select count(*) from later), null, null
    union all (select 'seen', '', (select count(*) from told), stored, array[key]
                 from told order by stored desc, key desc limit 1)
    {_freed(one, batch.tenant)}
    """


def parents_of(declaration: Declaration) -> list[tuple[Declaration, str]]:
    """Return the tables whose rows stay while rows of this one need them, and by which column."""
    return [(declaration_of(need.table), need.column) for need in declaration.needs]


def _freed(declaration: Declaration, tenant: UUID) -> str:
    found = ""
    for number, (parent, _column) in enumerate(parents_of(declaration)):
        table = quoted(parent.table)
        key = f"{table}.{quoted(parent.key)}"
        found += (
            f" union all select 'freed', {literal(parent.table)}, 0, null,"
            f" array_agg(distinct {key})"
            f" from acted join {table} on {key} = acted.p{number}"
            f" where {of_tenant(parent, tenant)} and {is_whole(parent)}"
        )
    return found


def _entry_values(work: Clockwork, rule: str) -> str:
    clauses = work.clauses(rule)
    action = Action.ERASE
    if rule in milder(work):
        action = max(r.action for r in work.ceilings if r.id == rule)
    shown = rule if not clauses else f"{rule}: {', '.join(clauses)}"
    shown = shown if len(shown) <= 200 else f"{shown[:199]}…"
    said = (rule, shown, ", ".join(clauses), action.name.lower(), uuid7().hex)
    name, clause, every, act, salt = (f"{literal(text)}::text" for text in said)
    return f"({name}, {literal(uuid7())}, {clause}, {every}, {act}, {salt})"


def _act(work: Clockwork, batch: Batch) -> str:
    """The part of the statement that erases: ``acted``, and what it is made of."""
    mild = milder(work)
    strong = {rule.id for rule in work.ceilings} - set(mild)
    names = ", ".join(map(literal, mild)) or "null"
    due = f"due <= {literal(batch.now)}"
    if batch.refused:
        due += f" and rule not in ({', '.join(map(literal, batch.refused))})"
    found = []
    if strong or not mild:
        test = f"{due} and rule not in ({names})" if mild else due
        found.append(_empty(work, test) if work.declaration.stays else _delete(work, batch, test))
    if mild:
        found.append(_anonymise(work, f"{due} and rule in ({names})"))
    steps = "".join(f"acted{n} as ({text}), " for n, text in enumerate(found))
    every = " union all ".join(f"select * from acted{n}" for n in range(len(found)))
    return f"{steps}acted as ({every})"


_RETURNED = "judged.key, judged.rule, judged.due"


def _delete(work: Clockwork, batch: Batch, test: str) -> str:
    one, table = work.declaration, quoted(work.declaration.table)
    parents = _parents(one)
    if one.may_delete:
        here = _at_place(work, f"select place from judged where {test}")
        return (
            f"delete from {table} using judged where {here}"
            f" returning {_RETURNED}, false as whole{parents}"
        )
    wanted = f"array(select key from judged where {test})"
    # the snapshot of this statement still shows the rows that the function deletes
    return (
        f"select {_RETURNED}, false as whole{parents}"
        f" from {forgetting_name(one)}({wanted}, {literal(batch.now)}) gone"
        f" join judged on judged.key = gone"
        f" join {table} on {table}.{quoted(one.key)} = gone and {of_tenant(one, batch.tenant)}"
    )


def _parents(one: Declaration) -> str:
    table = quoted(one.table)
    return "".join(
        f", {table}.{quoted(column)} as p{n}" for n, (_, column) in enumerate(parents_of(one))
    )


def _empty(work: Clockwork, test: str) -> str:
    """Empty a part whose row stays."""
    return _update(work, test, GONE, is_whole(work.declaration), all_columns=True)


def _anonymise(work: Clockwork, test: str) -> str:
    """Take out of a row what leads to the person."""
    return _update(work, test, ANONYMOUS, "false", all_columns=False)


def _update(work: Clockwork, test: str, mark: datetime, whole: str, *, all_columns: bool) -> str:
    one, table = work.declaration, quoted(work.declaration.table)
    empty = emptied(work.part, tells_only=not all_columns)
    here = _at_place(work, f"select place from judged where {test}")
    return (
        f"update {table} set {marked(work.part, mark)}{empty} from judged where {here}"
        f" returning {_RETURNED}, {whole} as whole{_parents(one)}"
    )


def marked(part: Part, mark: datetime) -> str:
    """Return the assignments that note that a part is gone."""
    return (
        f"{quoted(part.due)} = {literal(mark)}, {quoted(part.seal)} = null,"
        f" {quoted(part.kept)} = null"
    )


def emptied(part: Part, *, tells_only: bool = False) -> str:
    """Return the assignments, each led by a comma, that empty a part or what leads to a person."""
    return "".join(
        f", {quoted(column.column)} = {_value(column)}"
        for column in part.columns
        if column.possible and (column.tells or not tells_only)
    )


def _value(column: Blank) -> str:
    match column.value:
        case None:
            return "null"
        case list() | dict():
            return f"{literal(json.dumps(column.value))}::jsonb"
        case bool() | int() | str():
            return literal(column.value)
        case other:
            return literal(str(other))


def sealed(work: Clockwork, tenant: UUID, now: datetime) -> str:
    """Return category, purpose, count and last end of the parts that are sealed at ``now``."""
    table, part = quoted(work.declaration.table), work.part
    mine = of_tenant(work.declaration, tenant)
    return (
        f"select {literal(part.category)}::text as category, kept.key as purpose,"
        f" count(*) as number, max(kept.value::timestamptz) as until"
        f" from {table}, jsonb_each_text({table}.{quoted(part.kept)}) kept where {mine}"
        f" and {table}.{quoted(part.seal)} <= {literal(now)} and {_due(work)} > {literal(now)}"
        f" and kept.value::timestamptz > {literal(now)} group by 2"
    )


def covered(work: Clockwork, tenant: UUID, rule_ids: list[str]) -> str:
    """Return, for each rule, how many parts it concerns, and when the oldest of them was made.

    One row with two columns a rule, from one reading of the table.
    """
    table = quoted(work.declaration.table)
    columns, joins = work.told()
    mine = of_tenant(work.declaration, tenant)
    facts, laterals = work.facts()
    there = f"coalesce({_due(work)} < {literal(GONE)}, true)"
    tests = [work.concerned(rule) for rule in rule_ids]
    sums = ", ".join(f"count(*) filter (where {t}), min(x.e0) filter (where {t})" for t in tests)
    return (
        f"select {sums} from (select told.*{facts} from"
        f" (select {columns} from {table}{joins} where {mine} and {there}) told{laterals}"
        f" offset 0) x"
    )
