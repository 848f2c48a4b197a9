"""What workers do for the audit."""

from skola.ground import clock
from skola.ground.audit.sequencer import sequence
from skola.ground.jobs import api as jobs


@jobs.every_second
def publish_entries() -> None:
    """Number the committed entries and publish the tree over them."""
    sequence(now=clock.now())
