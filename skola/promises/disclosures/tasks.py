from uuid import UUID

from skola.ground import clock
from skola.ground.jobs import api as jobs
from skola.promises.disclosures import listing, texting


@jobs.every("20 * * * *")
@jobs.handler("disclosures.follow_list")
def follow_list() -> None:
    """The public list follows the register within the days that the policy promises."""
    listing.follow(by="disclosures.follow_list", now=clock.now())


@jobs.handler(texting.SEND)
def send_text(text: str) -> None:
    """Send one text message; a gateway that is away is asked again later."""
    texting.send(UUID(text), by=texting.SEND, now=clock.now())


@jobs.every("*/5 * * * *")
@jobs.handler("disclosures.follow_texts")
def follow_texts() -> None:
    """What became of text messages is asked for every five minutes."""
    texting.follow(by="disclosures.follow_texts", now=clock.now())
