"""Who was told of a version, by which channel, and what they answered; for the officer.

Drawn from the audit, where each telling is proven: the publication, a mail written and one that the
mail server took, a page that was read, a consent that ended or was declined.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, QuerySet

from skola.ground.audit import api as audit
from skola.ground.people.api import DELIVERED, Account
from skola.promises.consents.api import Consent
from skola.promises.notices.actions import TOLD
from skola.promises.notices.lapsing import LAPSED
from skola.promises.notices.queries import Step, history
from skola.promises.notices.reaching import SHOWN, about
from skola.promises.notices.reasking import DECLINED
from skola.promises.policy.catalogue import Version
from skola.promises.retention.api import Release

PUBLISHED = "policy.version.published"


@dataclass(frozen=True, slots=True)
class Counted:
    """What came of telling people of one version: how many people, by what is on record."""

    step: Step
    concerned: int
    """Accounts that were there before it was published."""
    mailed: int
    delivered: int
    read: int
    answers: dict[str, int]
    """By a word of ``Release.How``."""
    ended: int
    """Consents that it ended."""
    anew: int
    """Of these, given again since."""
    declined: int

    @property
    def goes_by_mail(self) -> bool:
        """Whether the policy has people told of it by mail."""
        return by_mail(self.step.version)


def by_mail(version: Version) -> bool:
    """Whether the policy has people told of a version by mail."""
    head = version.written.policy
    return "email" in version.written.change.also_notify and head.classification == "material"


def counted(tenant: str, now: datetime) -> list[Counted]:
    """Return every published version that replaced another, newest first, with what is counted."""
    steps = [step for step in history(tenant, now) if step.replaces is not None]
    if not steps:
        return []
    begin = min(step.version.written.policy.published for step in steps)
    entries = audit.Entry.objects.filter(at__gte=begin).order_by()
    kinds = _by_version(entries.filter(kind__in=(TOLD, SHOWN, LAPSED, DECLINED)))
    mails = _delivered(entries)
    answers = _answers()
    return [
        Counted(
            step,
            concerned(step.version).count(),
            kinds[TOLD, step.version.name],
            mails[about(step.version)],
            kinds[SHOWN, step.version.name],
            answers.get(step.version.name, {}),
            kinds[LAPSED, step.version.name],
            _anew(step.version),
            kinds[DECLINED, step.version.name],
        )
        for step in steps
    ]


def concerned(version: Version) -> QuerySet[Account]:
    """Return the accounts that were there when a version was published, by name."""
    published = version.written.policy.published
    found = Account.objects.filter(is_active=True, created_at__lt=published)
    names = ("person__family_name", "person__given_name", "pk")
    return found.select_related("person").order_by(*names)


def _by_version(entries: QuerySet[audit.Entry]) -> Counter[tuple[str, str]]:
    rows = entries.values_list("kind", "detail__version").annotate(Count("pk"))
    return Counter({(str(kind), str(version)): int(n) for kind, version, n in rows})


def _delivered(entries: QuerySet[audit.Entry]) -> Counter[str]:
    found = entries.filter(kind=DELIVERED, detail__about__startswith="policy ")
    rows = found.values_list("detail__about").annotate(Count("subject", distinct=True))
    return Counter({str(name): int(n) for name, n in rows})


def _answers() -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    rows = Release.objects.order_by().values_list("version", "how").annotate(Count("pk"))
    for version, how, count in rows:
        found.setdefault(version, {})[how] = count
    return found


def _anew(version: Version) -> int:
    """How many of the consents that a version ended were given again, while it is in force."""
    at = version.written.policy.effective
    ended = Consent.objects.filter(end=Consent.End.CHANGED, ended_at=at)
    pairs = set(ended.values_list("person_id", "purpose", "scope"))
    if not pairs:
        return 0
    since = Consent.objects.filter(given_at__gte=at, person_id__in={one[0] for one in pairs})
    return len(pairs & set(since.values_list("person_id", "purpose", "scope")))


# ---- one version, person by person ----


@dataclass(slots=True)
class Line:
    """What is on record about one person and one version; None where nothing is."""

    account: Account
    mailed: datetime | None = None
    delivered: datetime | None = None
    read: datetime | None = None
    answer: str = ""
    """A word of ``Release.How``."""
    ended: list[str] = field(default_factory=list)
    """Purposes whose consents it ended."""
    anew: list[str] = field(default_factory=list)
    declined: list[str] = field(default_factory=list)

    @property
    def is_told(self) -> bool:
        """Whether it is proven that they were told."""
        return self.delivered is not None or self.read is not None


def lines(accounts: Sequence[Account], version: Version) -> list[Line]:
    """Return what is on record about these people and a version, in their order."""
    found = {audit.pseudonym(one.person_id): Line(one) for one in accounts}
    head = version.written.policy
    entries = audit.Entry.objects.filter(subject__in=found, at__gte=head.published).order_by("at")
    kinds = (TOLD, SHOWN, LAPSED, DECLINED)
    own = entries.filter(kind__in=kinds, detail__version=head.version)
    _mark(found, own)
    _mark(found, entries.filter(kind=DELIVERED, detail__about=about(version)))
    people = {one.account.person_id: one for one in found.values()}
    for person, how in Release.objects.filter(version=head.version, person__in=people).values_list(
        "person_id", "how"
    ):
        people[person].answer = how
    since = Consent.objects.filter(person__in=people, given_at__gte=head.effective)
    for person, purpose in since.values_list("person_id", "purpose"):
        line = people[person]
        if purpose in line.ended and purpose not in line.anew:
            line.anew.append(purpose)
    return list(found.values())


def _mark(found: dict[str, Line], entries: Iterable[audit.Entry]) -> None:
    for entry in entries:
        line, purpose = found[entry.subject], str(entry.detail.get("purpose", ""))
        match entry.kind:
            case "notices.change.told":
                line.mailed = line.mailed or entry.at
            case "notices.change.shown":
                line.read = line.read or entry.at
            case "notices.consent.lapsed":
                line.ended.append(purpose)
            case "notices.consent.declined":
                line.declined.append(purpose)
            case _:
                line.delivered = line.delivered or entry.at


def published_at(version: Version) -> datetime | None:
    """Return when a version was published, by the audit: from then on the site says it."""
    entries = audit.Entry.objects.filter(kind=PUBLISHED, detail__version=version.name)
    return entries.order_by("at").values_list("at", flat=True).first()
