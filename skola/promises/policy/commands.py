"""The commands ``skola policy check | diff | render | words``: text and an exit code.

0: all is well. 1: the versions differ (``diff`` only). 2: a policy has errors.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from skola.promises.policy import dpv, prose, ropa, vocabulary
from skola.promises.policy.diff import diff as differences
from skola.promises.policy.lints import lint
from skola.promises.policy.lints.versions import across
from skola.promises.policy.load import load, parse
from skola.promises.policy.overlays import apply, load_overlays
from skola.promises.policy.problems import PolicyError, Problem, Severity
from skola.promises.policy.schema import Policy
from skola.promises.policy.source import read


def check(
    files: Sequence[Path], *, emitted: set[str] | None = None, offered: set[str] | None = None
) -> int:
    """Print every finding on every file. 0 when none is an error, else 2.

    ``emitted`` and ``offered`` are the words that the rooms of this release stand behind.
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
            found[str(file)] = lint(policy, source=source, emitted=emitted, offered=offered)
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
        found = differences(_executed(old), _executed(new))
    except PolicyError as error:
        print(error, file=sys.stderr)
        return 2
    for heading, parts in (("Rules", found.rules), ("Words", found.texts)):
        if parts:
            print(f"{heading}\n")
            for part in parts:
                print(f"  {part}")
            print()
    if not found.rules and not found.texts:
        print("The two versions say the same.")
        return 0
    return 1


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
