"""What becomes of a pupil's year, under eKool's policy."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from skola.promises.retention.api import clock_of, sweep
from skola.services.diary import actions
from skola.services.diary.models import Absence, AbsenceNote, Lesson, Mark, MarkChange
from skola.services.diary.tests import make
from skola.services.school import actions as schools
from skola.services.school.models import Pupil
from skola.services.school.tests.make import A_DAY

TALLINN = ZoneInfo("Europe/Tallinn")
A_SECOND = timedelta(seconds=1)
pytestmark = [pytest.mark.usefixtures("tenant"), pytest.mark.tenant("ekool")]


def test_a_pupils_year_goes_whole_five_years_after_the_pupil_left() -> None:
    world = make.world()
    gone, stays = world.pupils
    for pupil in (gone, stays):
        actions.note_absences(
            world.slot, make.TODAY, {pupil.pk: ("absent", 0)}, by="teacher", now=A_DAY
        )
        make.mark(world, pupil, "4")
        make.note(pupil, world.teacher)
    left = datetime(2026, 10, 1, 12, 0, tzinfo=TALLINN)
    schools.leave_class(gone, on=left.date(), by="school", now=left)
    clock = clock_of(gone, now=left)
    assert clock is not None
    assert clock.at == datetime(2031, 10, 2, tzinfo=TALLINN)
    assert {
        model: clock_of(model.objects.filter(pupil=gone)[0], now=left) for model in (Mark, Absence)
    } == {
        Mark: clock,
        Absence: clock,
    }

    sweep(now=clock.at - A_SECOND)
    assert Pupil.objects.count() == 2
    sweep(now=clock.at)

    assert [one.pk for one in Pupil.objects.all()] == [stays.pk]
    for model in (Mark, Absence, AbsenceNote):
        assert [one.pupil_id for one in model.objects.all()] == [stays.pk]
    assert [one.mark.pupil_id for one in MarkChange.objects.all()] == [stays.pk]
    assert Lesson.objects.count() == 1
