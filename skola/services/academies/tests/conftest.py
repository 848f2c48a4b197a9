import shutil
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as real

from skola.ground.tenants.models import Tenant


@pytest.fixture(autouse=True)
def policies(tenant: Tenant, tmp_path: Path, settings: Any) -> Path:
    """The published policies of a test: the operator's, and those that are founded in it."""
    folder = tmp_path / "policies"
    shutil.copytree(Path(real.ROOT) / "policies" / tenant.slug, folder / tenant.slug)
    settings.POLICIES = folder
    return folder
