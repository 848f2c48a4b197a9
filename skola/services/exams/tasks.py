from skola.ground import clock
from skola.ground.jobs import api as jobs
from skola.services.exams.actions import receipts, sitting


@jobs.every("*/5 * * * *")
@jobs.handler("exams.close_what_is_over")
def close_what_is_over() -> None:
    """Attempts end with their time, whatever became of the browser; old papers go."""
    now = clock.now()
    sitting.close_what_is_over(by="exams.close_what_is_over", now=now)
    sitting.drop_old_papers(by="exams.close_what_is_over", now=now)


@jobs.every("*/10 * * * *")
@jobs.handler("exams.tell_receipts")
def tell_receipts() -> None:
    """Candidates learn that their film is gone (ilearn-40.a)."""
    receipts.tell_receipts(by="exams.tell_receipts", now=clock.now())
