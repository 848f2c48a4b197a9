"""Checks of how long: P001, P003, P014, P015."""

from collections.abc import Iterator
from dataclasses import dataclass

from skola.promises.policy.lints.context import Context
from skola.promises.policy.periods import compare, parse
from skola.promises.policy.problems import Problem, Severity
from skola.promises.policy.schema import Latest, Policy, Retention

MAY_NEVER_HAPPEN = frozenset(
    {
        "account.found_inaccurate",
        "account.found_minor",
        "claim.closed",
        "consent.withdrawn",
        "ground.ended",
        "minor.reported",
        "objection.closed",
        "purpose.reached",
    }
)
"""Events that most data never meet. A term that counts from them only is no end."""

SOMEBODY_MUST_ACT = frozenset(
    {
        "account.closed",
        "client.ended",
        "contract.closed",
        "contract.oral_closed",
        "enquiry.closed",
        "pupil.left",
        "selection.closed",
        "survey.closed",
        "task.completed",
    }
)
"""Events that come when somebody closes something. A term that counts from them needs more."""


@dataclass(frozen=True, slots=True)
class End:
    """Something that ends data: which rule, and whether it comes by itself."""

    rule: Retention
    certain: bool


def events(after: str | Latest) -> list[str]:
    """The events of a term."""
    return after.latest if isinstance(after, Latest) else [after]


def ends_of(policy: Policy, category: str) -> list[End]:
    """What ends the data of a category, conditions apart."""
    return [
        end
        for rule in policy.retention
        if category in rule.categories and not rule.only_if
        for end in _ends(policy, rule, category)
    ]


def _ends(policy: Policy, rule: Retention, category: str) -> Iterator[End]:
    dated = [
        term.after
        for term in (rule.at_most, rule.backstop)
        if term is not None and term.action != "restrict"
    ]
    for after in dated:
        possible = [event for event in events(after) if event not in MAY_NEVER_HAPPEN]
        if possible:
            yield End(rule, any(event not in SOMEBODY_MUST_ACT for event in possible))
    if rule.keep_while and (rule.then is None or rule.then.action != "restrict"):
        states = _states(policy, rule, category)
        if "always" not in states:
            yield End(rule, all(state.startswith("consent:") for state in states))


def _states(policy: Policy, rule: Retention, category: str) -> set[str]:
    if isinstance(rule.keep_while, list):
        return set(rule.keep_while)
    return {
        state
        for purpose in policy.purpose
        if category in purpose.categories
        for state in purpose.alive_while
    }


def data_without_end(context: Context) -> Iterator[Problem]:
    """P001: no datum is immortal."""
    policy = context.policy
    rules = {rule.id: rule for rule in policy.retention}
    for category in policy.category:
        if not ends_of(policy, category.id):
            yield context.found(
                "P001",
                Severity.ERROR,
                "category",
                category,
                "id",
                f'nothing ever ends the data of "{category.id}"',
                "Write a [[retention]] for it with at_most or backstop, counted from an event "
                "that must come (record.created always does).",
            )
        for rule in policy.retention:
            if category.id not in rule.categories or rule.except_ is None:
                continue
            instead = rules[rule.except_.use]
            if not any(_ends(policy, instead, category.id)):
                yield context.found(
                    "P001",
                    Severity.ERROR,
                    "retention",
                    rule,
                    "except.use",
                    f'the rule "{instead.id}" never ends the data of "{category.id}"',
                    "Give that rule at_most or backstop, or name another.",
                )


def floor_outlives_ceiling(context: Context) -> Iterator[Problem]:
    """P003: of two promises about the same data that contradict each other, one must yield."""
    for floor_rule in context.policy.retention:
        floor = floor_rule.at_least
        if floor is None or floor.class_ == "hard" or floor.period in ("", "law"):
            continue
        for rule in context.policy.retention:
            ceiling = rule.at_most
            if (
                ceiling is None
                or ceiling.after != floor.after
                or floor.class_ in ceiling.yields_to
                or not set(rule.categories).intersection(floor_rule.categories)
                or not _meet(floor_rule, rule)
                or compare(parse(floor.period), parse(ceiling.period)) != 1
            ):
                continue
            yield context.found(
                "P003",
                Severity.ERROR,
                "retention",
                floor_rule,
                "at_least",
                f'"{floor_rule.id}" keeps for {floor.period}, '
                f'"{rule.id}" ends after {ceiling.period}, and neither yields',
                f'Add "{floor.class_}" to yields_to of "{rule.id}", or change a term.',
            )
    yield from _open_state_against_ceiling(context)


def _meet(one: Retention, other: Retention) -> bool:
    """Whether two rules can concern the same record."""
    return not (one.only_if and other.only_if and one.only_if != other.only_if)


def _open_state_against_ceiling(context: Context) -> Iterator[Problem]:
    for rule in context.policy.retention:
        floor, ceiling = rule.at_least, rule.at_most
        if floor is None or ceiling is None or not floor.while_ or floor.class_ == "hard":
            continue
        begins = {event.rpartition(".")[0] for event in events(ceiling.after)}
        follows = floor.while_.rpartition(".")[0] in begins
        if not follows and floor.class_ not in ceiling.yields_to:
            yield context.found(
                "P003",
                Severity.ERROR,
                "retention",
                rule,
                "at_most.yields_to",
                f"the data are kept while {floor.while_}, and end although it still is",
                f'Add "{floor.class_}" to yields_to, or count from the end of that state.',
            )


def reasonable_time(context: Context) -> Iterator[Problem]:
    """P014: "as long as needed" needs an end that comes by itself."""
    policy = context.policy
    for category in policy.category:
        ends = ends_of(policy, category.id)
        if ends and not any(end.certain for end in ends):
            yield context.found(
                "P014",
                Severity.WARN,
                "category",
                category,
                "id",
                f'the data of "{category.id}" end only when somebody closes something',
                f'Write a backstop in [[retention]] "{ends[0].rule.id}".',
            )
    for rule in policy.retention:
        if rule.backstop is not None and rule.backstop.confirmed and rule.claimed:
            yield context.found(
                "P014",
                Severity.NOTE,
                "retention",
                rule,
                "backstop",
                f"the source gives no number; {rule.backstop.period} is ours",
                "The officer confirms it.",
            )


def statutory_terms(context: Context) -> Iterator[Problem]:
    """P015: a term is not shorter than the law's, or the file says that it is only claimed."""
    for overlay in context.overlays:
        for legal in overlay.floor:
            for rule in context.policy.retention:
                if legal.category not in rule.categories:
                    continue
                needed = parse(legal.period)
                terms = {
                    "at_most": rule.at_most and rule.at_most.period,
                    "backstop": rule.backstop and rule.backstop.period,
                    "at_least": rule.at_least and rule.at_least.period,
                }
                for key, period in terms.items():
                    if not period or period == "law" or compare(parse(period), needed) != -1:
                        continue
                    yield context.found(
                        "P015",
                        Severity.LAW if rule.claimed else Severity.ERROR,
                        "retention",
                        rule,
                        f"{key}.period",
                        f"{period} is shorter than the {legal.period} after {legal.after} "
                        f"that the law demands ({overlay.code}: {legal.law})",
                        "The platform keeps the data as long as the law says."
                        if rule.claimed
                        else f'Write "{legal.period}"; what the source says goes into claimed.',
                    )
