"""The database is away: how to tell that something failed because it could not be reached."""

from psycopg import OperationalError

CONNECTION = "08"
"""Connection exceptions (class of SQLSTATE, appendix A of PostgreSQL's manual)."""
ENDING = frozenset({"57P01", "57P02", "57P03"})
"""The server is being stopped, has crashed, or is starting."""
WORDS = (
    "The database is away: {problem}. What was under way was undone. See that PostgreSQL runs and"
    " answers (its log says why it does not), then do the same again."
)


def is_away(problem: BaseException | None) -> bool:
    """Whether something failed because the database was stopped, crashed, or was never reached."""
    while problem is not None:
        if isinstance(problem, OperationalError):
            state = problem.sqlstate  # there is none where no server was left to give one
            return state is None or state[:2] == CONNECTION or state in ENDING
        problem = problem.__cause__
    return False
