from pathlib import Path

import pytest

from skola.ground.tenants.api import Tenant
from skola.promises.notices.api import forget
from tests.promises.editing import Folder


@pytest.fixture
def folder(tenant: Tenant, tmp_path: Path, settings: pytest.FixtureRequest) -> Folder:
    """The tenant's published policies, in a folder of this test."""
    made = Folder(tmp_path, tenant.slug)
    settings.POLICIES = made.published
    forget()
    return made
