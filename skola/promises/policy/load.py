"""From a file to a policy, or to a list of everything that is wrong with it."""

from pathlib import Path

import msgspec

from skola.promises.policy import placeholders
from skola.promises.policy.groups import written_out
from skola.promises.policy.problems import PolicyError, Problem
from skola.promises.policy.schema import Policy
from skola.promises.policy.shape import problems_of
from skola.promises.policy.source import Source, read


def load(path: Path) -> Policy:
    """Read a policy file. Raises PolicyError that names every problem found, each with a remedy."""
    return parse(read(path))


def parse(source: Source) -> Policy:
    """The policy that a source says. Raises PolicyError."""
    source = written_out(source)
    problems = list(problems_of(source))
    if problems:
        raise PolicyError(problems)
    try:
        policy = msgspec.convert(source.raw, Policy)
    except msgspec.ValidationError as error:
        # The walk knows every type of the schema; should one be added that it does not know,
        # the mistake is still refused, with a poorer message.
        problem = Problem(source.file, "", "", str(error), "See the reference of the language.")
        raise PolicyError([problem]) from None
    problems = list(placeholders.problems(policy, source))
    if problems:
        raise PolicyError(problems)
    return policy
