"""What becomes of candidates when a selection ends, under EMA's policy."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from skola.ground import clock
from skola.ground.files.models import ObjectKey, StoredFile
from skola.ground.people.models import Person
from skola.ground.people.tests.make import person
from skola.promises.retention.api import sweep
from skola.services.hiring import actions, tasks
from skola.services.hiring.models import Application, Document, Evaluation, Vacancy
from skola.services.hiring.tests import make
from skola.services.hiring.tests.make import A_DAY

VILNIUS = ZoneInfo("Europe/Vilnius")
A_SECOND = timedelta(seconds=1)
pytestmark = [pytest.mark.usefixtures("tenant"), pytest.mark.tenant("ema")]


def midnight(year: int, month: int, day: int) -> datetime:
    """The first moment of a day in Vilnius, as UTC."""
    return datetime(year, month, day, tzinfo=VILNIUS).astimezone(UTC)


def left() -> dict[str, int]:
    """What is held of candidates."""
    held = (Application, Document, Evaluation, StoredFile, ObjectKey)
    return {model.__name__: model._default_manager.count() for model in held}


NOTHING = dict.fromkeys(("Application", "Document", "Evaluation", "StoredFile", "ObjectKey"), 0)


@pytest.mark.keeps("ema-3.4")
def test_candidates_and_their_files_are_gone_after_the_selection_closed() -> None:
    application = make.application(documents=["cv", "other"])
    actions.evaluate(application, text="Good.", author=person(), by="recruiter", now=A_DAY)
    sweep(now=datetime(2026, 3, 20, 9, 0, tzinfo=UTC))
    assert left() == NOTHING | {
        "Application": 1,
        "Document": 2,
        "Evaluation": 1,
        "StoredFile": 2,
        "ObjectKey": 2,
    }

    closed = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
    actions.close_selection(application.vacancy, ending="filled", by="recruiter", now=closed)
    sweep(now=midnight(2026, 3, 22))

    assert left() == NOTHING
    assert Vacancy.objects.get().ending == "filled"


@pytest.mark.keeps("ema-3.4")
def test_a_selection_past_its_latest_date_is_erased_even_if_nobody_closes_it() -> None:
    make.application()  # until 31 March at the latest

    sweep(now=midnight(2026, 4, 2) - A_SECOND)
    assert left()["Application"] == 1
    sweep(now=midnight(2026, 4, 2))
    assert left() == NOTHING


@pytest.mark.keeps("ema-3.4")
def test_a_selection_past_its_latest_date_is_closed_and_its_recruiter_told(
    client: Client, enter: Callable[..., Person]
) -> None:
    make.application()
    enter("recruiter")

    with clock.standing_at(midnight(2026, 4, 1)):
        tasks.close_selections()
        page = client.get("/", headers={"accept-language": "en"}).content.decode()

    assert Vacancy.objects.get().ending == "latest"
    assert "closed after its latest date" in page


def test_other_selections_are_not_touched() -> None:
    closed, open_ = make.vacancy(), make.vacancy(title="Another")
    make.application(closed)
    kept = make.application(open_)

    actions.close_selection(closed, ending="filled", by="recruiter", now=A_DAY)
    sweep(now=midnight(2026, 3, 4))

    assert [one.pk for one in Application.objects.all()] == [kept.pk]
