"""Whether the tests of the engine notice each small change of it: ``python3 run.py mutate``.

Three kinds of changes, one at a time, in the files that decide when something goes: a comparison is
flipped, a yield is dropped, a period is made longer. The fast tests of the file run against each in
a child of this process. What no test notices is printed. Source: promise-engine 5.3, number 7.
"""

import argparse
import ast
import importlib
import inspect
import os
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import hypothesis
import pytest
from _pytest.runner import runtestprotocol
from hypothesis import Phase

ROOT = Path(__file__).resolve().parents[1]
LEAST = 95.0
"""Percent of the changes that the tests have to notice."""
PATIENCE = 8.0
"""So many times the time of the unchanged tests, and ten seconds; a change that takes longer hangs,
which is noticed, too."""
RETENTION, POLICY = "skola/promises/retention", "skola/promises/policy"
RIGHTS = "skola/promises/rights"
TARGETS: dict[str, tuple[str, ...]] = {
    f"{RETENTION}/rules.py": (f"{RETENTION}/tests/test_rules.py",),
    f"{RETENTION}/timekeeping.py": (f"{RETENTION}/tests/test_readings.py",),
    f"{RETENTION}/terms.py": (
        f"{RETENTION}/tests/test_terms.py",
        f"{RETENTION}/tests/test_versions.py",
    ),
    f"{POLICY}/periods.py": (f"{POLICY}/tests/test_periods.py",),
    f"{RIGHTS}/plan.py": (f"{RIGHTS}/tests/test_plan.py",),
}
"""Files of the engine that decide, and the tests that have to notice a change of them."""
SAME: dict[tuple[str, str], str] = {}
"""Changes that change nothing, by file and changed line, and why."""

OUT = os.dup(1)
"""Where it is told; pytest captures what else is printed."""
UNCHANGED = -1
"""The number of no change: the file is put in its own place, as each changed one is."""
NOT_MADE = 77
"""How a child ends that could not make its change."""
FLIPPED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}


@dataclass(frozen=True)
class Change:
    """One change of a file: ``number`` is its place among those that are possible."""

    file: str
    number: int
    line: int
    what: str
    constant: str = ""
    """The name of the module's constant that it changes; empty inside of a function."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}"


class Changer(ast.NodeTransformer):
    """Makes change ``wanted`` of a file, and collects all that are possible."""

    def __init__(self, file: str, wanted: int = UNCHANGED) -> None:
        self.file, self.wanted = file, wanted
        self.found: list[Change] = []
        self._constant = ""
        self._depth = 0

    def _here(self, node: ast.AST, what: str) -> bool:
        number = len(self.found)
        line = int(getattr(node, "lineno", 0))
        self.found.append(Change(self.file, number, line, what, self._constant))
        return number == self.wanted

    def visit_Module(self, node: ast.Module) -> ast.AST:
        for place, one in enumerate(node.body):
            named = _named_by(one)
            if named or not isinstance(one, ast.Assign | ast.AnnAssign):
                self._constant = named
                node.body[place] = self.visit(one)
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        for place, one in enumerate(node.body):
            if isinstance(one, ast.FunctionDef):  # its constants are made with the class
                node.body[place] = self.visit(one)
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.body = [self.visit(one) for one in node.body]
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        for place, op in enumerate(node.ops):
            other = FLIPPED[type(op)]
            if self._here(node, f"{type(op).__name__} becomes {other.__name__}"):
                node.ops[place] = other()
        return self.generic_visit(node)

    def visit_Yield(self, node: ast.Yield) -> ast.AST:
        if self._here(node, "nothing is yielded"):
            return ast.YieldFrom(ast.Tuple([], ast.Load()))
        return self.generic_visit(node)

    def visit_YieldFrom(self, node: ast.YieldFrom) -> ast.AST:
        if self._here(node, "nothing is yielded"):
            return ast.YieldFrom(ast.Tuple([], ast.Load()))
        return self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        if node.attr in ("yields", "yields_to") and self._here(node, "it yields to nothing"):
            return ast.Tuple([], ast.Load())
        if node.attr == "amount" and self._here(node, "the period is one longer"):
            return ast.BinOp(node, ast.Add(), ast.Constant(1))
        return self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if isinstance(node.func, ast.Name) and node.func.id == "timedelta":
            for one in node.keywords:
                one.value = self._longer(one.value)
        return self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        node.left, node.right = self._longer(node.left), self._longer(node.right)
        return self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        node.value = self._longer(node.value)
        if isinstance(node.value, ast.Dict):
            node.value.values = [self._longer(one) for one in node.value.values]
        return self.generic_visit(node)

    def _longer(self, node: ast.expr) -> ast.expr:
        is_number = isinstance(node, ast.Constant) and type(node.value) in (int, float)
        if is_number and self._here(node, f"{ast.unparse(node)} becomes one more"):
            assert isinstance(node, ast.Constant)
            assert isinstance(node.value, int | float)
            return ast.copy_location(ast.Constant(node.value + 1), node)
        return node


def _named_by(one: ast.stmt) -> str:
    """The name of a constant of numbers or spans; empty for other statements."""
    if not isinstance(one, ast.Assign) or not isinstance(one.targets[0], ast.Name):
        return ""
    inside = ast.walk(one.value)
    counts = any(
        isinstance(each, ast.Constant) and type(each.value) in (int, float) for each in inside
    )
    calls = {ast.unparse(each.func) for each in ast.walk(one.value) if isinstance(each, ast.Call)}
    return one.targets[0].id if counts and calls <= {"timedelta"} else ""


def changes_of(file: str) -> list[Change]:
    """Return every change that is possible in a file, but for those that change nothing."""
    text = (ROOT / file).read_text()
    lines = text.splitlines()
    changer = Changer(file)
    changer.visit(ast.parse(text))
    return [one for one in changer.found if (file, lines[one.line - 1].strip()) not in SAME]


def make(change: Change) -> None:
    """Make a change in the module as it is loaded, wherever it is known already."""
    tree = Changer(change.file, change.number).visit(ast.parse((ROOT / change.file).read_text()))
    whole = compile(ast.fix_missing_locations(tree), str(ROOT / change.file), "exec")
    module = importlib.import_module(change.file.removesuffix(".py").replace("/", "."))
    if change.constant:
        fresh: dict[str, Any] = {"__name__": module.__name__, "__file__": module.__file__}
        exec(whole, fresh)  # our own file, changed in one place
        _replace(vars(module)[change.constant], fresh[change.constant])
        return
    codes = {code.co_qualname: code for code in _codes(whole)}
    for function in _functions(module):
        function.__code__ = codes[function.__qualname__]
    for one in vars(module).values():
        if hasattr(one, "cache_clear"):
            one.cache_clear()


def _replace(old: object, new: object) -> None:
    for module in list(sys.modules.values()):
        for name, value in list(getattr(module, "__dict__", {}).items()):
            if value is old and (name.isupper() or name.startswith("_")):
                setattr(module, name, new)


def _codes(code: CodeType) -> Iterator[CodeType]:
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield one
            yield from _codes(one)


def _functions(holder: ModuleType | type) -> Iterator[FunctionType]:
    """Every function that is written in a module, whatever is wrapped around it."""
    home = holder.__name__ if isinstance(holder, ModuleType) else holder.__module__
    source = inspect.getsourcefile(sys.modules[home])
    for value in list(vars(holder).values()):
        if inspect.isclass(value) and value.__module__ == home and value is not holder:
            yield from _functions(value)
        for one in (value, getattr(value, "fget", None), getattr(value, "func", None)):
            inner = inspect.unwrap(one) if callable(one) else getattr(one, "__func__", None)
            # dataclasses write functions, too: those have another file
            if isinstance(inner, FunctionType) and inner.__code__.co_filename == source:
                yield inner


class Trial:
    """A plugin of pytest that runs the collected tests anew for each change, each in a child."""

    def __init__(self, files: list[str]) -> None:
        self.files = files
        self.left: list[Change] = []
        self.tried = 0

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self) -> None:
        """What a test finds does not depend on chance, nor on what it found before."""
        phases = [Phase.explicit, Phase.generate]
        hypothesis.settings.register_profile(
            "mutants",
            deadline=None,
            database=None,
            derandomize=True,
            phases=phases,
            max_examples=50,
        )

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        for file in self.files:
            self._try(file, [one for one in session.items if _is_in(one, TARGETS[file])])
        return True

    def _try(self, file: str, tests: list[pytest.Item]) -> None:
        begun = time.monotonic()
        if not _pass(tests, Change(file, UNCHANGED, 0, "nothing is changed"), 600):
            raise SystemExit(f"The tests of {file} do not pass without any change.")
        patience = PATIENCE * (time.monotonic() - begun) + 10
        changes = changes_of(file)
        left = []
        for change in changes:
            if _pass(tests, change, patience):
                left.append(change)
                _say(f"  not noticed: {change}")
        _say(f"{file}: {len(changes) - len(left)} of {len(changes)} noticed")
        self.left += left
        self.tried += len(changes)


def _is_in(test: pytest.Item, files: tuple[str, ...]) -> bool:
    """Whether a test is one of the fast ones of these files: without a database."""
    has_database = test.get_closest_marker("django_db") is not None
    return not has_database and any(test.path == ROOT / file for file in files)


def _say(words: str) -> None:
    os.write(OUT, f"{words}\n".encode())


def _pass(tests: list[pytest.Item], change: Change, patience: float) -> bool:
    """Run tests in a child with a change made; return whether they passed in time."""
    child = os.fork()
    if not child:
        os._exit(_in_child(tests, change))
    until = time.monotonic() + patience
    while time.monotonic() < until:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            code = os.waitstatus_to_exitcode(status)
            if code == NOT_MADE:
                raise RuntimeError(f"The change could not be made: {change}")
            return code == 0
        time.sleep(0.02)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return False


def _in_child(tests: list[pytest.Item], change: Change) -> int:
    try:
        make(change)
    except Exception:
        return NOT_MADE
    try:
        for test, following in zip(tests, [*tests[1:], None], strict=True):
            if any(one.failed for one in runtestprotocol(test, nextitem=following, log=False)):
                return 1
    except BaseException:
        return 1
    return 0


def main(words: list[str]) -> int:
    """Print what no test notices, and the score; 1 below ``LEAST`` percent."""
    parser = argparse.ArgumentParser(prog="skola mutate", description=__doc__)
    parser.add_argument("files", nargs="*", help="only these, as the ends of their names")
    wanted = parser.parse_args(words).files
    files = [one for one in TARGETS if not wanted or any(map(one.endswith, wanted))]
    if not files:
        parser.error(f"no file ends so; there are {', '.join(TARGETS)}")
    trial = Trial(files)
    tests = sorted({test for file in files for test in TARGETS[file]})
    options = [
        "-n0",
        "--assert=plain",
        "--reuse-db",
        "--hypothesis-profile=mutants",
        "-p",
        "no:cacheprovider",
    ]
    if pytest.main([*options, *tests], plugins=[trial]) not in (0, 5) or not trial.tried:
        return 2
    score = 100 * (trial.tried - len(trial.left)) / trial.tried
    _say(f"{score:.1f} % of {trial.tried} changes are noticed; {LEAST:.0f} % have to be.")
    return 0 if score >= LEAST else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
