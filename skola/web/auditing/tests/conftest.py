"""Visits of somebody who holds a role."""

from skola.web.officer.tests.conftest import enter

__all__ = ["enter"]
