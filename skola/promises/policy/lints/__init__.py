"""What is inconsistent, missing or against the law in a policy that can be read.

``lint`` runs every check. Findings have a code, ``P001`` and on; the reference explains each. Only
errors keep a policy from being published.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from skola.promises.policy.lints import (
    asked,
    connectors,
    consents,
    languages,
    messages,
    overriding,
    parties,
    register,
    terms,
    versions,
    wiring,
)
from skola.promises.policy.lints.context import Context
from skola.promises.policy.overlays import LAW_FOLDER, load_overlays
from skola.promises.policy.problems import PolicyError, Problem, Severity
from skola.promises.policy.schema import Policy
from skola.promises.policy.source import Source

__all__ = ["CHECKS", "CLAUSE_FOLDER", "keepable", "lint"]

CLAUSE_FOLDER = LAW_FOLDER.parent / "clauses"

Check = Callable[[Context], Iterator[Problem]]

CHECKS: Mapping[str, Check] = {
    "P001": terms.data_without_end,
    "P002": wiring.words_nobody_emits,
    "P003": terms.floor_outlives_ceiling,
    "P004": consents.withdrawal_is_as_easy,
    "P005": consents.consent_by_use,
    "P006": parties.transfer_by_consent,
    "P007": consents.fee,
    "P008": versions.effect_at_once,
    "P009": consents.cookies_by_use,
    "P010": parties.contacts,
    "P011": parties.agreements,
    "P012": register.clauses,
    "P013": versions.one_version,
    "P014": terms.reasonable_time,
    "P015": terms.statutory_terms,
    "P016": consents.cookie_classes,
    "P017": wiring.capabilities_nobody_offers,
    "P018": consents.consent_purposes,
    "P019": wiring.assessments,
    "P020": wiring.data_nobody_uses,
    "P021": messages.grounds,
    "P022": parties.fields_passed_on,
    "P023": asked.headings,
    "P024": asked.fields_of_forms,
    "P025": asked.found_in_public,
    "P026": wiring.undertakings,
    "P027": overriding.overrides,
    "P028": connectors.connectors,
    "P029": asked.notices_nobody_shows,
    "P030": wiring.tables_nobody_reads,
    "P031": languages.told_in_one_language,
}


def lint(
    policy: Policy,
    *,
    source: Source | None = None,
    law: Path = LAW_FOLDER,
    clauses: Path = CLAUSE_FOLDER,
    emitted: set[str] | None = None,
    offered: set[str] | None = None,
    fields: Mapping[str, str] | None = None,
) -> list[Problem]:
    """All findings on one policy, in the order of the codes.

    ``emitted`` are the events and states that the rooms of this release declare, ``offered`` the
    capabilities, ``fields`` the personal columns with their categories; without them P002, P017
    and P022 look at the policy and the vocabulary only.
    """
    known = _Known(emitted, offered, fields)
    return _run(policy, source, law, clauses, known, tuple(CHECKS))


def keepable(policy: Policy, *, source: Source, law: Path = LAW_FOLDER) -> list[Problem]:
    """The findings that decide whether a version can be in force at all.

    All but P012: whether the text is covered is for its writer, not for those it already binds.
    """
    codes = tuple(code for code in CHECKS if code != "P012")
    return _run(policy, source, law, CLAUSE_FOLDER, _Known(), codes)


@dataclass(frozen=True)
class _Known:
    """What the rooms of this release declare; None where nobody asked them."""

    emitted: set[str] | None = None
    offered: set[str] | None = None
    fields: Mapping[str, str] | None = None


def _run(
    policy: Policy,
    source: Source | None,
    law: Path,
    clauses: Path,
    known: "_Known",
    codes: tuple[str, ...],
) -> list[Problem]:
    try:
        overlays = load_overlays(policy.policy.law, law)
    except PolicyError as error:
        return list(error.problems)
    context = Context(policy, source, overlays, clauses, known.emitted, known.offered, known.fields)
    found = [problem for code in codes for problem in CHECKS[code](context)]
    order = list(Severity)
    return sorted(found, key=lambda problem: (order.index(problem.severity), problem.code))
