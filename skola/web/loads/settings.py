"""The settings of the installation, and one address more: the bare view to compare with."""

from skola.settings import *  # noqa: F403

ROOT_URLCONF = "skola.web.loads.urls"
