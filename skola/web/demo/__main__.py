"""Fill the demo, in a process that runs as the owner: ``python -m skola.web.demo N [PUPILS
[EMPLOYEES]]``."""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "skola.settings")
django.setup()

from skola.web.demo.seed import main  # noqa: E402  # after the set-up of Django

if __name__ == "__main__":  # where processes are not forked, each reads this file
    main(*map(int, sys.argv[1:4]))
