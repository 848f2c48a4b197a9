"""The job that makes a copy."""

from uuid import UUID

from skola.ground import clock
from skola.ground.jobs import api as jobs
from skola.promises.rights.access import actions


@jobs.handler(actions.WRITE)
def write_export(export: str) -> None:
    """Make the copy that a person asked for."""
    actions.write_export(UUID(export), now=clock.now())
