from skola.ground import clock
from skola.ground.jobs import api as jobs
from skola.promises.disclosures import listing


@jobs.every("20 * * * *")
@jobs.handler("disclosures.follow_list")
def follow_list() -> None:
    """The public list follows the register within the days that the policy promises."""
    listing.follow(by="disclosures.follow_list", now=clock.now())
