"""Every notice is of a kind that is drawn: another one would look like any text."""

import re
from pathlib import Path

from django.conf import settings

KINDS = {"note", "good", "success", "info", "debug", "danger", "warning", "error"}
CALLED = re.compile(r"ui\.notice\([^%}]*?kind=\"([a-z]+)\"")


def test_templates_ask_for_kinds_of_notices_that_there_are() -> None:
    wrong = {
        f"{file.relative_to(settings.ROOT)}: {kind}"
        for file in Path(settings.ROOT, "skola").rglob("jinja2/**/*.html")
        for kind in CALLED.findall(file.read_text(encoding="utf-8"))
        if kind not in KINDS
    }

    assert wrong == set()
