import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as real
from django.test import Client

from skola.ground.tenants.context import inside
from skola.ground.tenants.models import Tenant
from skola.services.academies.tests import make as academies
from skola.services.academies.tests.make import Founded


@pytest.fixture
def academy(tenant: Tenant, tmp_path: Path, settings: Any) -> Iterator[Founded]:
    """An academy that speaks in this test: its policy has ``runs.hold``."""
    folder = tmp_path / "policies"
    shutil.copytree(Path(real.ROOT) / "policies" / tenant.slug, folder / tenant.slug)
    settings.POLICIES = folder
    founded = academies.founded(languages=("en",))
    with inside(founded.academy.client):
        yield founded


@pytest.fixture
def leader(academy: Founded) -> Client:
    """The academy's administrator at its pages."""
    client = Client(HTTP_HOST=academy.host)
    client.get(academy.arrival)
    return client
