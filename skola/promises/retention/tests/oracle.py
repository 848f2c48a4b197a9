"""The formal model once more, slow and plain: the referee of the tests.

It knows nothing of the engine's way of computing. It walks through the moments at which anything
can change, in order, and asks at each of them in so many words whether somebody may still keep the
part.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from skola.promises.policy.periods import Period, Unit, is_working_day
from skola.promises.retention.rules import NEVER, Ceiling, Floor, FloorClass


def end(floors: list[Floor], ceilings: list[Ceiling]) -> datetime | None:
    """The moment at which the part is gone, or None."""
    changes: set[datetime] = set()
    for ceiling in ceilings:
        changes.add(ceiling.at)
    for floor in floors:
        changes.add(floor.until)
        changes.add(floor.since)
    for moment in sorted(changes):
        if moment == NEVER:
            return None
        if _must_go(floors, ceilings, moment):
            return moment
    return None


def _must_go(floors: list[Floor], ceilings: list[Ceiling], moment: datetime) -> bool:
    demanding = []
    for ceiling in ceilings:
        if not moment < ceiling.at:
            demanding.append(ceiling)
    if len(demanding) == 0:
        return False
    for floor in floors:
        begun = not moment < floor.since
        over = not moment < floor.until
        if begun and not over and _accepted_by_all(floor, demanding):
            return False
    return True


def _accepted_by_all(floor: Floor, demanding: list[Ceiling]) -> bool:
    if floor.cls == FloorClass.HARD:
        return True
    return all(floor.cls in ceiling.yields for ceiling in demanding)


def day_after_term(anchor: datetime, period: Period, zone: ZoneInfo, calendar: str) -> datetime:
    """The midnight after the last day of a term, found by counting days one after another."""
    first = anchor.astimezone(zone).date()
    day = first
    match period.unit:
        case Unit.DAY | Unit.WEEK:
            for _ in range(period.amount * (7 if period.unit == Unit.WEEK else 1)):
                day += timedelta(days=1)
        case Unit.WORKING_DAY:
            left = period.amount
            while left:
                day += timedelta(days=1)
                if is_working_day(day, calendar):
                    left -= 1
        case Unit.MONTH | Unit.YEAR:
            day = _months_later(first, period.amount * (12 if period.unit == Unit.YEAR else 1))
        case Unit.HOUR | Unit.MINUTE:
            raise AssertionError("hours and minutes have no last day")
    return datetime.combine(day + timedelta(days=1), time(), zone)


def _months_later(first: date, months: int) -> date:
    year, month = first.year, first.month
    for _ in range(months):
        month += 1
        if month == 13:
            year, month = year + 1, 1
    wanted = first.day
    while True:
        try:
            return date(year, month, wanted)
        except ValueError:
            wanted -= 1
