"""A job that failed for good is told to who logs errors: what and where, and nothing of people."""

from datetime import timedelta

import pytest

from skola.ground import clock
from skola.ground.people.models import Mail
from skola.ground.tenants.models import Tenant
from skola.promises.connectors import actions
from skola.promises.connectors.http import tell_of_job
from skola.promises.connectors.models import Shipment
from skola.promises.disclosures.tests import make as disclosures
from tests.promises.marking import AT

NAME = "Zebediah Quux"


def fails(module: str) -> None:
    """A job of a module fails over somebody, with their name in the words of its error."""
    try:
        Mail.objects.get(address=NAME)
    except Mail.DoesNotExist as error:
        error.add_note(NAME)
        tell_of_job(module, error)


@pytest.mark.tenant("ema")
def test_a_job_that_failed_is_told_without_the_words_of_its_error(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: AT)
    fails("skola.ground.people.tasks")
    assert not Shipment.objects.exists(), "nobody switched it on"
    there = AT - timedelta(days=1)
    disclosures.party("processor.error-logging", country="LT", at=there)
    actions.switch("error-logging", is_on=True, by="officer", now=AT)

    for module in ("skola.ground.people.tasks", "skola.promises.connectors.tasks"):
        fails(module)

    (waits,) = Shipment.objects.all()
    assert waits.body.pop("release")
    assert waits.body.pop("place").startswith("skola.promises.connectors.tests")
    assert waits.body == {"error": "DoesNotExist", "service": "ema"}
