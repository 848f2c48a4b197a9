"""The commands ``skola policy check | diff | render | words``: text and an exit code.

0: all is well. 1: the versions differ (``diff`` only). 2: a policy has errors.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from skola.promises.policy import dpv, prose, ropa, vocabulary
from skola.promises.policy.changes import LONGER, Turn, changes
from skola.promises.policy.diff import diff as differences
from skola.promises.policy.diff import ended_consents, stale_consents
from skola.promises.policy.lints import lint
from skola.promises.policy.lints.versions import across, earliest_effect
from skola.promises.policy.load import load, parse
from skola.promises.policy.overlays import apply, load_overlays
from skola.promises.policy.periods import OutsideCalendarError
from skola.promises.policy.problems import PolicyError, Problem, Severity
from skola.promises.policy.schema import Classification, Policy
from skola.promises.policy.source import read


def check(
    files: Sequence[Path],
    *,
    emitted: set[str] | None = None,
    offered: set[str] | None = None,
    fields: Mapping[str, str] | None = None,
) -> int:
    """Print every finding on every file. 0 when none is an error, else 2.

    ``emitted`` and ``offered`` are the words that the rooms of this release stand behind,
    ``fields`` its personal columns with their categories.
    """
    read_well: list[tuple[str, Policy]] = []
    found: dict[str, list[Problem]] = {}
    for file in files:
        try:
            source = read(file)
            policy = parse(source)
        except PolicyError as error:
            found[str(file)] = list(error.problems)
        else:
            read_well.append((str(file), policy))
            found[str(file)] = lint(
                policy, source=source, emitted=emitted, offered=offered, fields=fields
            )
    for tenant in {policy.policy.tenant for _, policy in read_well}:
        own = [(file, policy) for file, policy in read_well if policy.policy.tenant == tenant]
        for problem in across(own) if len(own) > 1 else []:
            found[problem.file].append(problem)
    for name, problems in found.items():
        for problem in problems:
            print(problem)
        print(f"{name}: {_counted(problems)}")
    every = [problem for problems in found.values() for problem in problems]
    return 2 if any(problem.severity is Severity.ERROR for problem in every) else 0


def _counted(problems: Sequence[Problem]) -> str:
    names = {
        Severity.ERROR: ("error", "errors"),
        Severity.LAW: ("matter of law", "matters of law"),
        Severity.WARN: ("warning", "warnings"),
        Severity.NOTE: ("note", "notes"),
    }
    counts = []
    for severity, (one, many) in names.items():
        count = sum(problem.severity is severity for problem in problems)
        if count or severity is Severity.ERROR:
            counts.append(f"{count or 'no'} {one if count == 1 else many}")
    return ", ".join(counts)


def diff(old: Path, new: Path) -> int:
    """Print what changes between two versions. 0 when nothing does, 1 when something, 2: errors."""
    try:
        before, after = _executed(old), _executed(new)
    except PolicyError as error:
        print(error, file=sys.stderr)
        return 2
    found = differences(before, after)
    if not found.rules and not found.texts:
        print("The two versions say the same.")
        return 0
    if found.rules:
        _consequences(before, after)
    for heading, parts in (("Rules", found.rules), ("Words", found.texts)):
        if parts:
            print(f"{heading}\n")
            for part in parts:
                print(f"  {part}")
            print()
    return 1


def _consequences(old: Policy, new: Policy) -> None:
    """Print what a version does to people, from when, and who has to be told or asked."""
    said = changes(old, new)
    head, zone = new.policy, ZoneInfo(new.policy.timezone)
    day = f"{head.effective.astimezone(zone):%d %B %Y}"
    longer = [each for each in said if each.turn in LONGER]
    shorter = [each for each in said if each.turn is Turn.KEPT_SHORTER]
    rest = [each for each in said if each not in longer and each not in shorter]
    others = "only when they accept it"
    if new.change.applies_to_existing:
        others = "when they accept it, or were told and did not object in time"
    old_data = f"binds what is collected from then on; for what is held already, {others}"
    if old.change.on_lengthen == "all-data":
        old_data = "binds all data, as people were told when they gave them"
    whom = "all data" if new.change.on_shorten == "all-data" else "what is collected from then on"
    _part(f"For people, from {day} on", [each.sentence("en") for each in rest])
    _part(f"Ends earlier: from {day} on, binds {whom}", [each.sentence("en") for each in shorter])
    _part(
        f"May be kept longer: from {day} on, {old_data}", [each.sentence("en") for each in longer]
    )
    stale, gone = stale_consents(old, new), ended_consents(old, new)
    _part(f"Consents that end on {day} and are asked anew", sorted(stale))
    _part(f"Consents that end on {day}", sorted(gone))
    _part("Announced", [*_announced(old, new, zone)])


def _part(heading: str, lines: Sequence[str]) -> None:
    if lines:
        print(f"{heading}\n")
        for line in lines:
            print(f"  {line}")
        print()


def _announced(old: Policy, new: Policy, zone: ZoneInfo) -> Iterator[str]:
    head, change = new.policy, new.change
    places = {"site": "on every page of the site", "account": "in the account"}
    published = f"{head.published.astimezone(zone):%d %B %Y}"
    for place in change.publish_in:
        yield f"{places.get(place, place)}, from {published} on"
    if head.classification is Classification.MATERIAL:
        for channel in change.also_notify:
            yield f"by {channel} to everybody with an account, from {published} on"
    try:
        earliest = max(
            earliest_effect(replace(new, change=each), head.published)
            for each in (old.change, change)
        )
    except OutsideCalendarError as problem:
        yield str(problem)
        return
    yield f"may take effect from {earliest.astimezone(zone).isoformat()} on, published so"
    if head.effective < earliest:
        yield "takes effect too early: publishing will refuse it"


def render(file: Path, language: str = "", form: str = "markdown") -> int:
    """Print a policy as it is executed, in one of FORMS. 0, or 2 when it has errors."""
    try:
        policy = _executed(file)
    except PolicyError as error:
        print(error, file=sys.stderr)
        return 2
    language = language or policy.policy.authentic
    if language not in policy.policy.languages:
        known = ", ".join(policy.policy.languages)
        print(f'{file}: the policy has no "{language}"; it has {known}.', file=sys.stderr)
        return 2
    match form:
        case "markdown":
            text = prose.as_markdown(prose.notice(policy, language))
        case "html":
            text = prose.as_html(prose.notice(policy, language))
        case "json-ropa":
            text = ropa.as_json(policy, language)
        case "dpv":
            text = dpv.as_text(policy)
        case _:
            print(f'There is no format "{form}"; there is {", ".join(FORMS)}.', file=sys.stderr)
            return 2
    sys.stdout.write(text)
    return 0


FORMS = ("markdown", "html", "json-ropa", "dpv")


def _executed(file: Path) -> Policy:
    policy = load(file)
    return apply(policy, load_overlays(policy.policy.law)).policy


def words() -> int:
    """Print the words that a policy may use, with what each means."""
    lists = {
        "Categories": vocabulary.CATEGORIES,
        "Events": vocabulary.EVENTS,
        "States": vocabulary.STATES,
        "Conditions": vocabulary.CONDITIONS,
        "Capabilities": vocabulary.CAPABILITIES,
    }
    for name, meanings in lists.items():
        print(f"{name}\n")
        for word, meaning in meanings.items():
            print(f"  {word:28} {meaning.replace('``', '')}")
        print()
    return 0


def main(arguments: Sequence[str]) -> int:
    """``python -m skola.promises.policy VERB FILE…``, without the platform."""
    match arguments:
        case ["check", _, *_]:
            return check([Path(each) for each in arguments[1:]])
        case ["words"]:
            return words()
        case ["diff", old, new]:
            return diff(Path(old), Path(new))
        case ["render", file, *rest] if len(rest) <= 2:
            return render(Path(file), *rest)
        case _:
            usage = (
                f"check FILE… | diff OLD NEW | render FILE [LANGUAGE [{'|'.join(FORMS)}]] | words"
            )
            print(usage, file=sys.stderr)
            return 2
