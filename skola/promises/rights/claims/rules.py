"""What may be kept for a claim: what the policy's purposes of claims name, and nothing else."""

from skola.promises.policy.schema import Policy

CLAIM = "claim"
STATE = "claim.open"


def categories(policy: Policy) -> tuple[str, ...]:
    """Return the kinds of data that may be kept for a claim; none where claims are no purpose.

    Source: ekool-4.2.2-rights: never unrelated study data.
    """
    found = [
        category
        for purpose in policy.purpose
        if purpose.class_ == CLAIM and STATE in purpose.alive_while
        for category in purpose.categories
    ]
    return tuple(dict.fromkeys(found))


def clauses(policy: Policy) -> tuple[str, ...]:
    """Return the clauses of the purposes of claims."""
    return tuple(
        dict.fromkeys(
            clause
            for purpose in policy.purpose
            if purpose.class_ == CLAIM and STATE in purpose.alive_while
            for clause in purpose.clause
        )
    )
