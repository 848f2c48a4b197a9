"""Every promise of the policy compared with what is so: one mark for each rule.

A check says *kept* only where it looked at something that could have been otherwise. What only
people can keep, or what a later release will count, is *not checked by data*, and says why.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_noop
from msgspec import Struct

from skola.promises.notices.facts import Facts
from skola.promises.notices.measures import MEASURES, measures_of
from skola.promises.notices.rules import Fact, Mark, State
from skola.promises.policy.lints.versions import earliest_effect
from skola.promises.policy.schema import (
    Authority,
    Category,
    Change,
    ConsentRule,
    Contact,
    Controller,
    Cookie,
    Duty,
    Head,
    Minors,
    Policy,
    Processor,
    ProcessorList,
    Purpose,
    PurposeLock,
    Recipient,
    Retention,
    Right,
    Security,
    Transfer,
)
from skola.promises.policy.tables import tables_of

Found = tuple[State, str, Mapping[str, Fact]]
"""State, finding, and the facts of the finding."""

NOT_RULES = frozenset({"section", "paragraph", "summary", "log", "schema"})
"""Tables that tell of rules and are none."""


def rule_name(table: str, item: Struct | None, number: int) -> tuple[str, tuple[str, ...]]:
    """Return the path of a rule, and the other paths under which it may be referred to."""
    if item is None:
        return table, ()
    for key in ("id", "name", "kinds", "purpose", "where", "what"):
        value = getattr(item, key, None)
        if isinstance(value, str) and value:
            return f"{table}.{value}", (f"{table}.{value.rstrip('*')}",)
        if isinstance(value, list) and value:
            names = [f"{table}.{each}" for each in value]
            return names[0], tuple(names[1:])
    return f"{table}.{number}", ()


def marks(facts: Facts) -> tuple[Mark, ...]:
    """Return a mark for every rule of the policy in force, in the order of the file."""
    rules = _rules(facts.in_force.policy)
    return tuple(_mark(table, rule, also, content, facts) for table, rule, also, content in rules)


def unlooked(policy: Policy) -> tuple[Mark, ...]:
    """Return a mark for every rule of a policy that was compared with nothing yet."""
    return tuple(
        Mark(
            State.STATEMENT if CHECKS.get(table) is _statement else State.UNCHECKED,
            rule,
            tuple(content.clause),
            "",
            also=also,
        )
        for table, rule, also, content in _rules(policy)
    )


def _rules(policy: Policy) -> Iterator[tuple[str, str, tuple[str, ...], Any]]:
    """Yield table, path, other paths and content of every rule."""
    numbers: dict[str, int] = {}
    for table, item, content in tables_of(policy):
        if table not in NOT_RULES:
            numbers[table] = numbers.get(table, 0) + 1
            yield table, *rule_name(table, item, numbers[table]), content


def _mark(table: str, rule: str, also: tuple[str, ...], content: Any, facts: Facts) -> Mark:
    check = CHECKS.get(table, _by_construction)
    state, words, said = check(content, facts)
    mark = Mark(state, rule, tuple(content.clause), words, said, also=also)
    if state in (State.KEPT, State.BROKEN):
        mark = replace(mark, checked_at=facts.now)
    return _with_counts(mark, content, facts) if table == "retention" else mark


def _with_counts(mark: Mark, rule: Retention, facts: Facts) -> Mark:
    kept = facts.retention.get(rule.id)
    if kept is None or not kept.covered:
        return mark
    return replace(mark, covered=kept.covered, oldest=kept.oldest, next_due=kept.next_due)


def _kept(words: str, **said: Fact) -> Found:
    return State.KEPT, words, said


def _broken(words: str, **said: Fact) -> Found:
    return State.BROKEN, words, said


def _unchecked(words: str, **said: Fact) -> Found:
    return State.UNCHECKED, words, said


def _by_construction(_: Struct, __: Facts) -> Found:
    return _unchecked(gettext_noop("Kept by how the software works; no data can show it."))


def _statement(_: Struct, __: Facts) -> Found:
    return State.STATEMENT, gettext_noop("A statement. It asks nothing of the software."), {}


# ---- how long ----


def _retention(rule: Retention, facts: Facts) -> Found:
    kept = facts.retention.get(rule.id)
    if kept is None:
        return _unchecked(gettext_noop("Nothing of this kind can be stored here yet."))
    if kept.overdue:
        words = gettext_noop("Past the promised end, and still here: %(overdue)s.")
        return _broken(words, overdue=kept.overdue)
    if not kept.covered:
        return _unchecked(gettext_noop("Nothing of this kind is stored, so nothing can be late."))
    return _kept(gettext_noop("Nothing is stored past the promised end."))


# ---- why, and with what ----


def _purpose(purpose: Purpose, facts: Facts) -> Found:
    basis = purpose.basis
    if basis.kind == "legitimate-interest" and not basis.interest:
        return _broken(
            gettext_noop("It rests on a legitimate interest, and does not say on which.")
        )
    if basis.kind == "legal-obligation" and not basis.law:
        return _broken(gettext_noop("It rests on a duty of law, and does not name the law."))
    missing = tuple(each for each in purpose.enables if each not in facts.offered)
    if purpose.enables and len(missing) == len(purpose.enables):
        return _unchecked(gettext_noop("No room of this release serves it yet."))
    tables = {
        table
        for each in purpose.categories
        if each in facts.held
        for table in facts.held[each].tables
    }
    if not tables:
        return _unchecked(gettext_noop("Nothing is stored for it yet."))
    words = gettext_noop("Every column that holds its data is declared: %(tables)s tables.")
    return _kept(words, tables=len(tables))


def _purpose_lock(lock: PurposeLock, facts: Facts) -> Found:
    others = tuple(
        purpose.id
        for purpose in facts.in_force.policy.purpose
        if purpose.id not in lock.only and set(purpose.categories) & set(lock.categories)
    )
    if others:
        words = gettext_noop("Other purposes name the same data: %(purposes)s.")
        return _broken(words, purposes=", ".join(others))
    return _kept(gettext_noop("No other purpose names these data."))


def _category(category: Category, facts: Facts) -> Found:
    held = facts.held.get(category.id)
    if held is None:
        return _unchecked(gettext_noop("Nothing of this kind can be stored here yet."))
    words = gettext_noop("Declared in the inventory: %(columns)s columns in %(tables)s tables.")
    return _kept(words, columns=held.columns, tables=len(held.tables))


def _consent(rule: ConsentRule, _: Facts) -> Found:
    harder = sorted(set(rule.give_by) - set(rule.withdraw_by))
    if harder:
        words = gettext_noop("It can be given, and not withdrawn, by: %(ways)s.")
        return _broken(words, ways=", ".join(harder))
    return _kept(gettext_noop("Every way to give this consent is also a way to withdraw it."))


# ---- who ----


def is_masked(text: str) -> bool:
    """Whether a text hides what it should tell: ``[email protected]``, ``***``, ``TODO``."""
    low = text.lower()
    return any(sign in low for sign in ("protected]", "***", "todo", "example.com", "xxx"))


def _controller(controller: Controller, _: Facts) -> Found:
    if not controller.address or is_masked(controller.address) or is_masked(controller.email):
        return _broken(gettext_noop("The address is missing or cannot be read."))
    return _kept(gettext_noop("Name and address are given, and shown at the foot of every page."))


def _contact(contact: Contact, _: Facts) -> Found:
    ways = [way for way in (contact.email, contact.phone, contact.address) if way]
    if not ways or any(is_masked(way) for way in ways):
        return _broken(gettext_noop("There is no address that can be read."))
    return _kept(gettext_noop("There is an address that can be read and written to."))


def _authority(authority: Authority, _: Facts) -> Found:
    if not (authority.address or authority.email or authority.website):
        return _broken(gettext_noop("There is no address that can be read."))
    return _kept(gettext_noop("There is an address that can be read and written to."))


def _recipient(recipient: Recipient, _: Facts) -> Found:
    if not recipient.basis:
        return _broken(gettext_noop("Nothing says on which ground they would receive data."))
    return _unchecked(gettext_noop("Listed with its ground. This release sends nothing to them."))


def _processor(processor: Processor, facts: Facts) -> Found:
    if processor.id in facts.unused:
        return _kept(gettext_noop("Not in use: nothing is sent to them."))
    if not processor.contract:
        return _broken(gettext_noop("There is no agreement with them."))
    return _kept(gettext_noop("There is an agreement with them, and they are on the public list."))


def _processor_list(listed: ProcessorList, facts: Facts) -> Found:
    if not listed.publish:
        return _broken(gettext_noop("The list is not published."))
    words = gettext_noop("The list is public and made from the register: %(entries)s entries.")
    return _kept(words, entries=len(facts.in_force.policy.processor) - len(facts.unused))


def _transfer(transfer: Transfer, _: Facts) -> Found:
    if not transfer.safeguard:
        return _broken(gettext_noop("No safeguard is named."))
    return _kept(gettext_noop("A safeguard is named."))


def _minors(minors: Minors, facts: Facts) -> Found:
    if minors.policy != "refuse":
        return _by_construction(minors, facts)
    if facts.people_too_young:
        words = gettext_noop("People below the promised age are stored: %(people)s.")
        return _broken(words, people=facts.people_too_young)
    if not facts.people_with_birth_day:
        return _unchecked(gettext_noop("Nobody has told a day of birth."))
    return _kept(gettext_noop("Nobody who told a day of birth is below the promised age."))


# ---- the rest ----


def _right(_: Right, __: Facts) -> Found:
    return _unchecked(gettext_noop("Not longer than the law allows. Answers are not counted yet."))


def _cookie(cookie: Cookie, facts: Facts) -> Found:
    if cookie.retired:
        return _kept(gettext_noop("Nobody sets it any more; the server would take it out."))
    if cookie.party != "first":
        return _unchecked(gettext_noop("Set by others, who are not let in before you agree."))
    if cookie.name in facts.refused_cookies:
        return _broken(gettext_noop("The software tried to set it against what you chose."))
    return _kept(gettext_noop("On the register. The server takes out every cookie that is not."))


def _cookies(_: Struct, facts: Facts) -> Found:
    if facts.refused_cookies:
        words = gettext_noop("The software tried to set what is not allowed: %(names)s.")
        return _broken(words, names=", ".join(sorted(facts.refused_cookies)))
    return _kept(gettext_noop("In 30 days nothing was set that is not on the register."))


def _security(security: Security, facts: Facts) -> Found:
    named = security.check or (security.id if security.id in MEASURES else "")
    if not named:
        return _unchecked(gettext_noop("Kept by people; the software cannot see it."))
    try:
        verdicts = [measure(facts.installation) for measure in measures_of(named).values()]
    except KeyError as problem:
        words = gettext_noop("It names a check that this release does not have: %(check)s.")
        return _broken(words, check=str(problem.args[0]))
    off = [verdict for verdict in verdicts if verdict.ok is False]
    unknown = [verdict for verdict in verdicts if verdict.ok is None]
    worst = (off or unknown or verdicts)[0]
    state = State.BROKEN if off else State.UNCHECKED if unknown else State.KEPT
    return state, worst.words, dict(worst.facts)


def _duty(duty: Duty, facts: Facts) -> Found:
    missing = tuple(each for each in duty.by if each not in facts.offered)
    if duty.by and len(missing) == len(duty.by):
        return _unchecked(gettext_noop("No room of this release serves it yet."))
    return _by_construction(duty, facts)


def _change(_: Change, facts: Facts) -> Found:
    early = [
        version.name
        for version in facts.versions
        if version.written.policy.effective
        < earliest_effect(version.written, version.written.policy.published)
    ]
    if early:
        words = gettext_noop("Took effect before its notice had run: %(versions)s.")
        return _broken(words, versions=", ".join(early))
    words = gettext_noop("No version took effect before its notice had run: %(versions)s in all.")
    return _kept(words, versions=len(facts.versions))


def _policy(head: Head, facts: Facts) -> Found:
    known = facts.published.get(head.version)
    if known is not None and known != facts.in_force.hash:
        return _broken(gettext_noop("The text was changed after it was published."))
    if any(each.code == "P013" for each in facts.in_force.problems):
        return _broken(
            gettext_noop("A published text was changed or removed; the published one binds.")
        )
    if facts.in_force.problems:
        return _broken(
            gettext_noop("A file of this policy cannot be used; the last good one binds.")
        )
    if known is None:
        return _kept(gettext_noop("This is the version that binds today."))
    return _kept(gettext_noop("The text is to the letter the one that was published."))


Check = Callable[[Any, Facts], Found]

CHECKS: Mapping[str, Check] = {
    "authority": _authority,
    "category": _category,
    "change": _change,
    "consent": _consent,
    "contact": _contact,
    "controller": _controller,
    "cookie": _cookie,
    "cookies": _cookies,
    "duty": _duty,
    "informational": _statement,
    "minors": _minors,
    "policy": _policy,
    "processor": _processor,
    "processor_list": _processor_list,
    "purpose": _purpose,
    "purpose_lock": _purpose_lock,
    "recipient": _recipient,
    "retention": _retention,
    "right": _right,
    "security": _security,
    "transfer": _transfer,
}
"""What looks at which table. The others are kept by how the software works."""
