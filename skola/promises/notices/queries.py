"""What the public registers show, drawn from the policy in force and from the inventory."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import translation

from skola.promises.inventory.api import declarations
from skola.promises.notices.facts import versions_of
from skola.promises.policy.api import LONGER, Change
from skola.promises.policy.api import changes as changes_for_people
from skola.promises.policy.catalogue import Version
from skola.promises.policy.diff import Diff, diff
from skola.promises.policy.notice_tables import terms_in_words
from skola.promises.policy.schema import Category, Policy, Retention
from skola.promises.policy.wording import wording


def language_for(policy: Policy, wanted: str = "") -> str:
    """Return in which language a policy is shown: as asked, as the page, or the binding one."""
    head = policy.policy
    for language in (wanted, translation.get_language() or ""):
        if language in head.languages:
            return language
    return head.authentic


def own_name(language: str) -> str:
    """Return what a language calls itself."""
    return dict(settings.LANGUAGES).get(language, language)


@dataclass(frozen=True, slots=True)
class Column:
    """One stored personal field."""

    table: str
    name: str


@dataclass(frozen=True, slots=True)
class Kind:
    """One category of the policy, as the installation holds it."""

    id: str
    name: str
    holds: tuple[str, ...]
    sources: tuple[str, ...]
    terms: tuple[tuple[str, tuple[str, ...]], ...]
    """Each rule that decides how long, with its sentences."""
    columns: tuple[Column, ...]
    promised: bool
    """Whether the policy names it; what it does not name is not used here."""


def kinds(policy: Policy, language: str) -> tuple[Kind, ...]:
    """Return every category that is promised or can be stored, with each stored field."""
    stored = columns_by_category()
    found = [_kind(each, policy, language, stored.get(each.id, ())) for each in policy.category]
    named = {each.id for each in policy.category}
    for category, columns in sorted(stored.items()):
        if category not in named:
            found.append(Kind(category, category, (), (), (), columns, promised=False))
    return tuple(found)


def columns_by_category() -> dict[str, tuple[Column, ...]]:
    """Return every stored personal field of the inventory by its category."""
    found: dict[str, list[Column]] = {}
    for one in declarations():
        for name, category in one.columns.items():
            found.setdefault(category, []).append(Column(one.table, name))
    return {category: tuple(columns) for category, columns in found.items()}


def _kind(category: Category, policy: Policy, language: str, columns: Sequence[Column]) -> Kind:
    words = wording(language)
    rules = [rule for rule in policy.retention if category.id in rule.categories]
    return Kind(
        id=category.id,
        name=category.name[language],
        holds=_holds(category, language),
        sources=tuple(words.source(source) for source in category.sources),
        terms=tuple(
            (_title(rule, category, language), tuple(terms_in_words(rule, words))) for rule in rules
        ),
        columns=tuple(columns),
        promised=True,
    )


def _holds(category: Category, language: str) -> tuple[str, ...]:
    """What belongs to a category, in the language; the words of its list are English."""
    if said := category.detail.get(language):
        return (said,)
    words = tuple(each.rstrip("?").replace("_", " ") for each in category.holds)
    return words if language == "en" else ()


def _title(rule: Retention, category: Category, language: str) -> str:
    return rule.name.get(language) or category.name[language]


@dataclass(frozen=True, slots=True)
class Step:
    """A version with what it replaced and what replaced it."""

    version: Version
    replaces: Version | None
    replaced_by: Version | None
    changes: Diff | None
    """What it changed, rules first; None for the first."""
    said: tuple[Change, ...] = ()
    """The same for people, one sentence each."""

    @property
    def asks(self) -> bool:
        """Whether it may keep longer what was collected before it, if its person agrees."""
        if self.replaces is None or self.replaces.written.change.on_lengthen == "all-data":
            return False
        return any(change.turn in LONGER for change in self.said)

    def state(self, now: datetime) -> str:
        """``announced``, ``in-force`` or ``replaced``."""
        if self.version.written.policy.effective > now:
            return "announced"
        later = self.replaced_by
        if later is not None and later.written.policy.effective <= now:
            return "replaced"
        return "in-force"


def history(tenant: str, now: datetime) -> tuple[Step, ...]:
    """Return the published versions of a tenant, newest first, each with its neighbours.

    A version that is not published yet is not there: nobody learns of it before.
    """
    seen = [each for each in versions_of(tenant) if each.written.policy.published <= now]
    steps = []
    for number, each in enumerate(seen):
        before = seen[number - 1] if number else None
        after = seen[number + 1] if number + 1 < len(seen) else None
        changes = diff(before.written, each.written) if before else None
        said = changes_of(before, each) if before else ()
        steps.append(Step(each, before, after, changes, said))
    return tuple(reversed(steps))


def changes_of(before: Version, version: Version) -> tuple[Change, ...]:
    """Return what changes for people, computed once for two texts."""
    key = (before.hash, version.hash)
    if key not in _compared:
        if len(_compared) > 100:
            _compared.clear()
        _compared[key] = changes_for_people(before.effective.policy, version.effective.policy)
    return _compared[key]


_compared: dict[tuple[str, str], tuple[Change, ...]] = {}


def processors_since(policy: Policy, now: datetime) -> dict[str, datetime]:
    """Return since when each processor is on the list: the first version that named it."""
    found: dict[str, datetime] = {}
    for each in versions_of(policy.policy.tenant):
        head = each.written.policy
        if head.published <= now:
            for processor in each.written.processor:
                found.setdefault(processor.id, head.effective)
    return found
