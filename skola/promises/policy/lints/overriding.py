"""Checks of terms that give way to another: P027."""

from collections.abc import Iterator

from skola.promises.policy.lints.context import Context
from skola.promises.policy.periods import BadPeriodError, Period, compare, parse
from skola.promises.policy.problems import Problem, Severity
from skola.promises.policy.schema import Override, Retention, in_language
from skola.promises.policy.vocabulary import BY_CONTRACT, CONDITIONS, EVENTS


def overrides(context: Context) -> Iterator[Problem]:
    """P027: what may override a term is known, and a contract within bounds that the law leaves."""
    seen: set[str] = set()
    for rule in context.policy.retention:
        if rule.override is None:
            continue
        by = rule.override.by
        if by not in EVENTS or by not in CONDITIONS:
            both = ", ".join(sorted(set(EVENTS) & set(CONDITIONS)))
            yield _wrong(context, rule, "by", f'"{by}" is no event and condition', f"Use {both}.")
        elif by not in BY_CONTRACT:
            continue
        elif by in seen:
            message = f'another rule gives way to "{by}" already: a contract sets one term'
            yield _wrong(context, rule, "by", message, "Put the categories under one rule.")
        else:
            seen.add(by)
            yield from _bounds(context, rule, rule.override)


def _bounds(context: Context, rule: Retention, said: Override) -> Iterator[Problem]:
    if rule.at_most is None or rule.at_most.action == "restrict":
        remedy = "Write at_most, the term that holds without a contract."
        yield _wrong(context, rule, "by", "there is no term that a contract could override", remedy)
        return
    shortest, longest = _period(said.shortest), _period(said.longest)
    for key, bound in (("shortest", shortest), ("longest", longest)):
        if bound is None:
            message = f"nothing says the {key} term that a contract may set"
            yield _wrong(context, rule, key, message, f'Write {key} = "5 years".')
    if shortest is None or longest is None:
        return
    own = rule.at_most.period
    if compare(shortest, parse(own)) not in (-1, 0) or compare(longest, parse(own)) not in (0, 1):
        message = f"the policy's own term, {own}, is not from {said.shortest} to {said.longest}"
        yield _wrong(context, rule, "longest", message, "Widen the bounds.")
    for period, law in _laws(context, rule):
        if compare(shortest, parse(period)) not in (0, 1):
            message = f"{said.shortest} is shorter than the {period} that the law demands ({law})"
            yield _wrong(context, rule, "shortest", message, f'Write shortest = "{period}".')
            break
    if rule.backstop and compare(longest, parse(rule.backstop.period)) not in (-1, 0):
        most = rule.backstop.period
        message = f"{said.longest} is longer than the backstop of {most}, which no contract moves"
        yield _wrong(context, rule, "longest", message, f'Write longest = "{most}" or less.')


def _laws(context: Context, rule: Retention) -> Iterator[tuple[str, str]]:
    """What the law demands at least of the rule's data: by the policy's words, and by the law's."""
    for other in context.policy.retention:
        floor = other.at_least
        is_law = floor is not None and floor.class_ == "hard" and floor.period not in ("", "law")
        if floor is not None and is_law and set(other.categories) & set(rule.categories):
            law = in_language(floor.law, context.policy.policy.authentic)
            yield floor.period, law or other.id
    for overlay in context.overlays:
        for legal in overlay.floor:
            if legal.category in rule.categories:
                yield legal.period, legal.law


def _period(text: str) -> Period | None:
    try:
        return parse(text)
    except BadPeriodError:
        return None


def _wrong(context: Context, rule: Retention, key: str, message: str, remedy: str) -> Problem:
    error = Severity.ERROR
    return context.found("P027", error, "retention", rule, f"override.{key}", message, remedy)
