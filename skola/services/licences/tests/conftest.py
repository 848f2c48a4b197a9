from skola.services.workforce.tests.conftest import enter, stand

__all__ = ["enter", "stand"]
