"""Where links of mails lead: the scheme and the port of the installation."""

from typing import Any

import pytest

from skola import settings as own
from skola.ground.tenants.api import Tenant, site


@pytest.mark.tenant("ema")
@pytest.mark.parametrize(
    ("told", "found"),
    [
        ("https://{host}", "https://ema.localhost"),
        ("http://{host}:8765", "http://ema.localhost:8765"),
    ],
)
def test_links_have_the_port_of_the_installation(
    tenant: Tenant, settings: Any, told: str, found: str
) -> None:
    settings.SITE = told

    assert site() == found


@pytest.mark.parametrize("told", ["ema.example", "https://ema.example", "ftp://{host}", "{host}:1"])
def test_what_is_no_address_stops_the_start(told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKOLA_SITE", told)

    with pytest.raises(SystemExit, match="SKOLA_SITE"):
        own._site("SKOLA_SITE")
