"""Checks of versions: P008 and P013."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from skola.promises.policy.canonical import policy_hash
from skola.promises.policy.lints.context import Context
from skola.promises.policy.periods import OutsideCalendarError, Word, due, parse_term
from skola.promises.policy.problems import Problem, Severity
from skola.promises.policy.schema import Classification, Policy


def effect_at_once(context: Context) -> Iterator[Problem]:
    """P008: a change that takes effect when it is published still reaches people first."""
    if context.policy.change.notice == Word.FROM_PUBLICATION:
        yield context.found(
            "P008",
            Severity.LAW,
            "change",
            None,
            "notice",
            "changes take effect when they are published",
            "The platform tells people all the same, and no longer term reaches back.",
        )


def earliest_effect(policy: Policy, published: datetime) -> datetime:
    """The first moment at which a version published then may take effect, as its [change] says.

    A version that only follows the law, or is not material where only material changes are
    announced, may take effect at once; so may the initial one.
    """
    change, head = policy.change, policy.policy
    notice = parse_term(change.notice, words=frozenset({Word.FROM_PUBLICATION}))
    exempt = (
        head.classification is Classification.INITIAL
        or (head.classification is Classification.LEGISLATION and change.legislation_only_exempt)
        or (head.classification is Classification.MINOR and change.material_only)
    )
    if exempt or isinstance(notice, Word):
        return published
    return due(published, notice, ZoneInfo(head.timezone), head.calendar)


def one_version(context: Context) -> Iterator[Problem]:
    """P013: a version says what it replaces and why, and gives the notice it promised."""
    head = context.policy.policy
    if head.classification is Classification.INITIAL:
        if head.replaces not in ("", "all-earlier"):
            yield _head(
                context,
                "classification",
                f'a version that replaces "{head.replaces}" is not the initial one',
                'Write classification = "minor", "material" or "legislation".',
            )
    else:
        if not head.reason:
            yield _head(
                context,
                "reason",
                "a new version without a reason",
                "Write reason = { … }: what changed and why, or which law.",
            )
        if not head.replaces:
            yield _head(
                context, "replaces", "a new version that replaces nothing", 'Write replaces = "…".'
            )
    try:
        earliest = earliest_effect(context.policy, head.published)
    except OutsideCalendarError as problem:
        yield _head(context, "effective", str(problem), "Bring the working-day tables up to date.")
        return
    if head.effective < earliest:
        zone = ZoneInfo(head.timezone)
        yield _head(
            context,
            "effective",
            f'the notice of "{context.policy.change.notice}" has not run: published '
            f"{head.published.astimezone(zone):%Y-%m-%d}, effective "
            f"{head.effective.astimezone(zone):%Y-%m-%d}",
            f"Write {earliest.astimezone(zone).isoformat()} or later.",
        )


def _head(context: Context, key: str, message: str, remedy: str) -> Problem:
    return context.found("P013", Severity.ERROR, "policy", None, key, message, remedy)


def across(
    policies: Sequence[tuple[str, Policy]], published: Mapping[str, str] | None = None
) -> list[Problem]:
    """P013 among the versions of one tenant, given as file and policy.

    ``published`` maps a version to the hash with which it was published.
    """
    problems: list[Problem] = []
    by_moment: dict[datetime, str] = {}
    by_name: dict[str, str] = {}
    names = {policy.policy.version for _, policy in policies}
    for file, policy in policies:
        head = policy.policy

        def add(key: str, message: str, remedy: str, file: str = file) -> None:
            problems.append(Problem(file, "[policy]", key, message, remedy, code="P013"))

        if head.effective in by_moment:
            other = by_moment[head.effective]
            add("effective", f"takes effect at the same moment as {other}", "Move one of them.")
        if head.version in by_name:
            add("version", f"{by_name[head.version]} has the same version", "Rename one of them.")
        if head.replaces not in ("", "all-earlier") and head.replaces not in names:
            add("replaces", f'there is no version "{head.replaces}"', "Name one of this tenant's.")
        known = (published or {}).get(head.version)
        if known is not None and known != policy_hash(policy):
            add(
                "version",
                "the file was edited after it was published",
                "Undo the edit, and publish it as a version of its own.",
            )
        by_moment.setdefault(head.effective, file)
        by_name.setdefault(head.version, file)
    return problems
