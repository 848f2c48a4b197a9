"""When something goes, and why, in a sentence for the person who looks at it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from skola.ground.ui import formats
from skola.promises.policy.periods import Period, Unit
from skola.promises.policy.vocabulary import BY_CONTRACT
from skola.promises.retention.rules import Action
from skola.promises.retention.terms import ERASURE, AfterEvents, Rule


@dataclass(frozen=True)
class Clock:
    """The end of one part: when, by which rule, under which clauses."""

    at: datetime
    """The midnight on which it is gone, as UTC."""
    rule: str
    clauses: tuple[str, ...]
    action: Action
    term: Rule
    passed_at: datetime
    """When the rule's own term ended; earlier than ``at`` where something keeps the part longer."""
    counted_from: datetime | None
    """The moment from which the term was counted, where it is counted from an event."""
    names: Mapping[str, str]
    """The name of the rule, by language."""
    zone: ZoneInfo

    def because(self, language: str) -> str:
        """Return the reason as whole sentences in ``language``, a code such as ``lv``.

        A day that ends with a full stop, as in Lithuanian, ends its sentence with the same one.
        """
        return self._because(language).replace("..", ".")

    def _because(self, language: str) -> str:
        with override(language):
            said = {
                "day": self._day(self.at),
                "rule": self._name(language),
                "term": period_in_words(self._period) if self._period else "",
                "from": self._day(self.counted_from) if self.counted_from else "",
                "end": self._day(self.passed_at),
            }
            if self.rule == ERASURE:
                return (
                    _(
                        "This goes on %(day)s. Its erasure was granted on %(end)s, and a legal duty"
                        " keeps it until then."
                    )
                    % said
                )
            if self.passed_at < self.at:
                return (
                    _(
                        "This goes on %(day)s. Under “%(rule)s” it would go on %(end)s already, and"
                        " a stronger duty keeps it until then."
                    )
                    % said
                )
            if self._is_by_contract:
                return (
                    _("This goes on %(day)s, as the contract of the school says. “%(rule)s”.")
                    % said
                )
            if self._is_told_before:
                return _("This goes on %(day)s, as you were told before. “%(rule)s”.") % said
            if self._period and self.counted_from:
                return (
                    _("This goes on %(day)s. “%(rule)s”: kept for %(term)s, counted from %(from)s.")
                    % said
                )
            return _("This goes on %(day)s. “%(rule)s”: no purpose needs it any longer.") % said

    @property
    def _period(self) -> Period | None:
        return self.term.term.period if isinstance(self.term.term, AfterEvents) else None

    @property
    def _is_by_contract(self) -> bool:
        """Whether the end stands in a contract (``override``)."""
        term = self.term.term
        return isinstance(term, AfterEvents) and not BY_CONTRACT.keys().isdisjoint(term.events)

    @property
    def _is_told_before(self) -> bool:
        """Whether the end stands in a setting, of which the person was told (``override``)."""
        return isinstance(self.term.term, AfterEvents) and self.term.term.period is None

    def _day(self, moment: datetime) -> str:
        return formats.day(moment.astimezone(self.zone).date())

    def _name(self, language: str) -> str:
        return self.names.get(language) or self.names.get("en") or self.rule


def period_in_words(period: Period) -> str:
    """Return a period in the active language: “14 days”."""
    number = {"number": period.amount}
    match period.unit:
        case Unit.MINUTE:
            return ngettext("%(number)s minute", "%(number)s minutes", period.amount) % number
        case Unit.HOUR:
            return ngettext("%(number)s hour", "%(number)s hours", period.amount) % number
        case Unit.DAY:
            return ngettext("%(number)s day", "%(number)s days", period.amount) % number
        case Unit.WORKING_DAY:
            return (
                ngettext("%(number)s working day", "%(number)s working days", period.amount)
                % number
            )
        case Unit.WEEK:
            return ngettext("%(number)s week", "%(number)s weeks", period.amount) % number
        case Unit.MONTH:
            return ngettext("%(number)s month", "%(number)s months", period.amount) % number
        case Unit.YEAR:
            return ngettext("%(number)s year", "%(number)s years", period.amount) % number
