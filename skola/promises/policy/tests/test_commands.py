"""The commands: what they print, and their exit codes."""

import json
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest

from skola.promises.policy import commands, vocabulary
from skola.promises.policy.lints import lint
from skola.promises.policy.load import parse
from skola.promises.policy.source import read
from skola.promises.policy.tests import make


def changed(tmp_path: Path, old: str, new: str) -> Path:
    text = make.EXAMPLE.read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "other.toml"
    file.write_text(text.replace(old, new), encoding="utf-8")
    return file


def test_check_of_a_good_policy(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.check([make.EXAMPLE]) == 0
    assert capsys.readouterr().out.endswith("example-policy.toml: no errors, 1 note\n")


def test_check_names_what_is_wrong_and_ends_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = changed(tmp_path, "level = 3", "levle = 3")

    assert commands.check([file, make.EXAMPLE]) == 2
    out = capsys.readouterr().out
    assert 'unknown key "levle". Did you mean "level"?' in out
    assert f"{file}: 1 error\n" in out


def test_check_sees_two_files_of_one_tenant_together(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = changed(tmp_path, '"90 days"', '"80 days"')

    assert commands.check([make.EXAMPLE, file]) == 2
    assert "takes effect at the same moment" in capsys.readouterr().out


def test_check_knows_what_the_rooms_tell_of(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.check([make.EXAMPLE], emitted=set(), offered=set()) == 2
    out = capsys.readouterr().out
    assert 'no room of this release tells of "exam.finished"' in out
    assert 'no room of this release offers "exams.supervised"' in out


def test_diff_of_the_same_is_0_and_of_others_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = changed(tmp_path, '"90 days"', '"80 days"')

    assert commands.diff(make.EXAMPLE, make.EXAMPLE) == 0
    assert capsys.readouterr().out == "The two versions say the same.\n"
    assert commands.diff(make.EXAMPLE, file) == 1
    assert "at_most.period: 90 days → 80 days" in capsys.readouterr().out


def test_diff_of_a_broken_file_is_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.diff(make.EXAMPLE, tmp_path / "gone.toml") == 2
    assert "gone.toml" in capsys.readouterr().err


@pytest.mark.parametrize("form", commands.FORMS)
def test_render_in_every_form(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.render(make.EXAMPLE, "et", form) == 0
    out = capsys.readouterr().out
    assert "Põhjakool" in out or json.loads(out)


def test_render_without_language_is_in_the_binding_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert commands.render(make.EXAMPLE) == 0
    assert capsys.readouterr().out.startswith("# Kuidas Põhjakool isikuandmeid kasutab\n")


@pytest.mark.parametrize(("language", "form"), [("sv", "markdown"), ("en", "pdf")])
def test_render_of_what_there_is_not(
    language: str, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert commands.render(make.EXAMPLE, language, form) == 2
    assert "there is" in capsys.readouterr().err or language == "sv"


def test_words_prints_every_word(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.words() == 0
    out = capsys.readouterr().out
    for words in (vocabulary.CATEGORIES, vocabulary.EVENTS, vocabulary.CAPABILITIES):
        assert all(word in out for word in words)


def test_it_runs_without_the_platform() -> None:
    code = (
        "import sys; from skola.promises.policy.commands import main; "
        f"code = main(['check', {str(make.EXAMPLE)!r}]); "
        "assert 'django' not in sys.modules; sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=make.ROOT
    )

    assert done.returncode == 0, done.stderr


def test_arguments_that_make_no_sense(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["simulate"]) == 2
    assert "check FILE" in capsys.readouterr().err


def test_five_policies_are_checked_in_little_more_than_it_takes_to_parse_them() -> None:
    """200 ms on the reference machine, where parsing TOML takes 60: so at most six times that."""
    files = make.REAL
    texts = [file.read_text(encoding="utf-8") for file in files]

    def cpu(work: object) -> float:
        started = time.process_time()
        assert callable(work)
        work()
        return time.process_time() - started

    def check() -> None:
        for file in files:
            source = read(file)
            lint(parse(source), source=source)

    parsing = min(cpu(lambda: [tomllib.loads(text) for text in texts]) for _ in range(3))
    checking = min(cpu(check) for _ in range(3))

    assert checking < 6 * parsing


def test_diff_says_what_binds_from_when_and_who_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = make.EXAMPLE.read_text()
    assert text.count("90 days") == 1
    file = tmp_path / "new.toml"
    file.write_text(text.replace("90 days", "30 days"))

    assert commands.diff(make.EXAMPLE, file) == 1
    printed = capsys.readouterr().out
    assert "kept for a shorter time, 30 days instead of 90 days." in printed
    assert "Ends earlier: from" in printed
    assert "Announced" in printed
    assert "may take effect from" in printed

    assert commands.diff(file, make.EXAMPLE) == 1
    printed = capsys.readouterr().out
    assert "May be kept longer: from" in printed
    assert "binds what is collected from then on" in printed
