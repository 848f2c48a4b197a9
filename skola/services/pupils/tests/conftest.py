"""Pages are asked for on the school's Monday, by whoever is signed in."""

from skola.services.school.tests.conftest import client_of, stand

__all__ = ["client_of", "stand"]
