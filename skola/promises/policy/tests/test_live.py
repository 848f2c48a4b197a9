"""What a policy switches on, in whichever process it is asked."""

import os
import subprocess
import sys

ASKING = """
import django
django.setup()
from skola.promises.policy.live import offered
print("billing.invoices" in offered())
"""


def test_a_process_that_has_shown_no_page_knows_what_the_rooms_stand_behind() -> None:
    """A worker computes the marks; it would say that no room serves a promise yet."""
    settings = {**os.environ, "DJANGO_SETTINGS_MODULE": "skola.settings"}
    told = subprocess.run(
        [sys.executable, "-c", ASKING], capture_output=True, text=True, check=True, env=settings
    )
    assert told.stdout.strip() == "True"
