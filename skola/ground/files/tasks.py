from skola.ground import clock
from skola.ground.files import actions
from skola.ground.jobs import api as jobs


@jobs.every("*/10 * * * *", to_the_end=True)
@jobs.handler("files.erase_objects")
def erase_objects() -> None:
    """Objects whose keys are gone leave the storage; every ten minutes those of a sweep too."""
    actions.erase_objects(now=clock.now())


@jobs.every("40 3 * * *", to_the_end=True)
@jobs.handler("files.remove_orphans")
def remove_orphans() -> None:
    """Objects that never got a key leave the storage once a day."""
    actions.remove_orphans(now=clock.now())
