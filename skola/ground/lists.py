"""Lists of people as spreadsheets give them: a first line of names, then one line a person."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence


class ListError(ValueError):
    """A list that cannot be read; ``code`` says why, ``detail`` what."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code} {detail}".strip())
        self.code, self.detail = code, detail


def read_list(
    text: str, *, required: Sequence[str], columns: Sequence[str], most: int
) -> list[tuple[int, dict[str, str]]]:
    """Read a list with commas, semicolons or tabs: number of each line, and its values by column.

    Lines without a value are passed over. Raises ListError: ``columns`` that are missing,
    ``column-twice``, ``csv``, ``empty``, or ``long`` beyond ``most`` lines.
    """
    head = text.partition("\n")[0]
    table = csv.DictReader(io.StringIO(text), delimiter=max(",;\t", key=head.count))
    try:
        names = [name.strip().lower() for name in table.fieldnames or ()]
        missing = [name for name in required if name not in names]
        if missing:
            raise ListError("columns", ", ".join(missing))
        twice = [name for name, times in Counter(names).items() if times > 1 and name in columns]
        if twice:
            raise ListError("column-twice", ", ".join(twice))
        table.fieldnames = names
        lines = list(_lines(table, columns))
    except csv.Error as problem:
        raise ListError("csv", str(problem)) from problem
    if not lines:
        raise ListError("empty")
    if len(lines) > most:
        raise ListError("long", str(most))
    return lines


def _lines(
    table: "csv.DictReader[str]", columns: Sequence[str]
) -> Iterator[tuple[int, dict[str, str]]]:
    for said in table:
        told = {name: (said.get(name) or "").strip() for name in columns}
        if any(told.values()):
            yield table.line_num, told
