"""Whether the clocks are believed, from run to run; the decision itself is ``timekeeping``'s."""

from datetime import datetime

from django.db import connection, transaction

from skola.ground.audit import api as audit
from skola.ground.clock import Clocks
from skola.promises.retention.models import Sweep, Timekeeping
from skola.promises.retention.timekeeping import AGREE, Doubt, Readings, doubt_of


class ClockDoubtError(Exception):
    """The clocks are not believed: nothing is erased. The message says why, and what now."""

    def __init__(self, doubt: Doubt, facts: dict[str, str]) -> None:
        super().__init__(WORDS[doubt] % facts)
        self.doubt = doubt


WORDS = {
    Doubt.APART: "This machine's clock says %(host)s, the database's says %(database)s, and the"
    " sweep was to act as of %(now)s. Set the clocks right; the next sweep goes on by itself.",
    Doubt.BACK: "It is said to be %(now)s, but %(recorded)s is recorded already. Set the clock"
    " right. If it was wrong before and is right now, an officer confirms the time on"
    " /office/promises/, or run `skola sweep --confirm-clock`.",
    Doubt.STEPPED: "This machine's clock was moved: since the last sweep it went from %(last)s to"
    " %(host)s, and its seconds do not say so. If it is right now, an officer confirms the time on"
    " /office/promises/, or run `skola sweep --confirm-clock`.",
    Doubt.AHEAD: "The last sweep was at %(recorded)s, and it is said to be %(now)s now. If the"
    " service was simply switched off, an officer confirms the time on /office/promises/, or run"
    " `skola sweep --confirm-clock`; the next sweep then catches up.",
}


def readings(now: datetime, clocks: Clocks) -> Readings:
    """Put together what the clocks say now and what was recorded."""
    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        database = cursor.fetchone()[0]
    known = Timekeeping.objects.first()
    return Readings(
        now=now,
        host=clocks.host,
        database=database,
        is_declared=clocks.is_declared,
        boot=clocks.boot,
        ticks=clocks.ticks,
        recorded=_recorded(known),
        last_host=known.host_at if known else None,
        last_boot=known.boot if known else "",
        last_ticks=known.ticks if known else 0,
    )


def _recorded(known: Timekeeping | None) -> datetime | None:
    """The latest moment on record, without those of a clock that was found to be wrong."""
    sweep = Sweep.objects.order_by("-swept_at").values_list("swept_at", flat=True).first()
    entry = audit.Entry.objects.order_by("-at").values_list("at", flat=True).first()
    if known is None:
        # before the first sweep an audit that is older than a day says nothing of the clock
        return max((at for at in (sweep,) if at is not None), default=None)
    if known.passed_over is not None:
        sweep = None if sweep is not None and sweep <= known.passed_over else sweep
        entry = None if entry is not None and entry <= known.passed_over else entry
    late = entry if entry is not None and entry > known.told_at + AGREE else None
    return max(at for at in (known.told_at, sweep, late) if at is not None)


def demand_true_clock(now: datetime, clocks: Clocks) -> Readings:
    """Return the readings. Raises ClockDoubtError, and remembers why, when they are not believed.

    The doubt stays on record, for the page, the metrics and ``skola doctor``, until a sweep runs.
    """
    found = readings(now, clocks)
    doubt = doubt_of(found)
    if doubt is None:
        return found
    facts = _facts(found)
    known = Timekeeping.objects.first()
    if known is None:
        Timekeeping.objects.create(
            told_at=found.database,
            host_at=clocks.host,
            doubt=doubt,
            facts=facts,
            doubted_at=found.database,
        )
    else:
        if not known.doubt:
            known.doubted_at = found.database
        known.doubt, known.facts = doubt, facts
        known.save(update_fields=["doubt", "facts", "doubted_at"])
    raise ClockDoubtError(doubt, facts)


def _facts(found: Readings) -> dict[str, str]:
    told = {
        "now": found.now,
        "host": found.host,
        "database": found.database,
        "recorded": found.recorded,
        "last": found.last_host,
    }
    return {name: f"{at:%Y-%m-%d %H:%M} UTC" if at else "nothing" for name, at in told.items()}


def believe(now: datetime, clocks: Clocks) -> None:
    """Remember what the clocks said at a run that believed them."""
    Timekeeping.objects.update_or_create(
        defaults={
            "told_at": now,
            "host_at": clocks.host,
            "boot": clocks.boot,
            "ticks": clocks.ticks,
            "doubt": "",
            "facts": {},
            "doubted_at": None,
        }
    )


@transaction.atomic
def confirm_clock(*, clocks: Clocks, by: str, now: datetime) -> None:
    """Somebody says that it is really ``now``: sweeps run again, from this moment on.

    Raises ClockDoubtError when the machine and the database tell different times: that cannot be
    confirmed, only set right. Moments recorded for later than ``now`` are passed over.
    """
    found = readings(now, clocks)
    if abs(found.host - found.database) > AGREE or (
        not clocks.is_declared and abs(now - found.database) > AGREE
    ):
        raise ClockDoubtError(Doubt.APART, _facts(found))
    believe(now, clocks)
    latest = [
        Sweep.objects.order_by("-swept_at").values_list("swept_at", flat=True).first(),
        audit.Entry.objects.order_by("-at").values_list("at", flat=True).first(),
    ]
    wrong = [at for at in latest if at is not None and at > now]
    if wrong:
        Timekeeping.objects.update(passed_over=max(wrong))
    audit.record("retention.clock.confirmed", by=by, at=now, detail=_facts(found))


def clock_doubt() -> Timekeeping | None:
    """Return what is doubtful about the clocks of the speaking tenant; None when nothing is."""
    return Timekeeping.objects.exclude(doubt="").first()


def words_of(known: Timekeeping) -> str:
    """Return the doubt in words, with the next step."""
    facts: dict[str, str] = known.facts
    return WORDS[Doubt(known.doubt)] % facts
