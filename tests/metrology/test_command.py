"""`chuan compute`, `chuan metrology`: one line and status 2 for what is wrong, one JSON document for what is right."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from chuan.metrology.command import main
from chuan.metrology.files import KINDS, Options, compute, refuse_not_finite
from chuan.metrology.files.reading import Table, load, number, parse, quote
from chuan.metrology.words import Refused, cause_of

EXAMPLES = Path(__file__).parents[2] / "examples"
ROOT = Path(__file__).parents[2]
SMALL = 'kind = "uncertainty"\nmeasurand = [{ symbol = "y", equation = "2*a" }]\n'
GOOD = SMALL + '[[input]]\nsymbol = "a"\nvalue = 3\ndistribution = "normal"\nstandard_uncertainty = 0.5\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file that computes."""
    path = tmp_path / "good.toml"
    path.write_text(GOOD, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b'kind = "uncertainty"\nvalue = 8,5\n', "line 2, column 10"),
        (b'kind = "uncertainty', "wrong TOML syntax"),
        (b'kind = "a"\nkind = "b"\n', "line 2"),
        (b"\xff\xfe\x00", "not UTF-8 (byte 0)"),
        ("kind = 'đo'".encode("utf-16"), "not UTF-8"),
        (b"", 'key "kind" is missing; allowed: uncertainty, conformity'),
        (b'kind = "budget"', 'kind: unknown kind of file "budget"; allowed: uncertainty, conformity'),
        (b"kind = 3", "unknown kind of file 3"),
        (GOOD.replace("0.5", "0").encode(), "input[0].standard_uncertainty: must be above 0, found 0"),
        (GOOD.replace("0.5", '"1.234,5"').encode(), "input[0].standard_uncertainty: must be a number without quotes"),
        (GOOD.replace("2*a", "ln(a - 3)").encode(), "measurand[0].equation"),
        (GOOD.replace("2*a", "1.234,5*a").encode(), "measurand[0].equation:"),
        (GOOD.replace("2*a", "a" * 1_000_000).encode(), "measurand[0].equation"),
        (b"a = " + b"[" * 100_000, "wrong TOML syntax"),
        (
            GOOD.replace("0.5", "8,5").encode(),
            "line 7, column 25: the number 8,5 has a comma; in a file a number has a decimal",
        ),
        (GOOD.replace("0.5", "1.234,5 # mm").encode(), "the number 1.234,5 has a comma"),
        (b'kind = "line"\r\nx = { y = -8,5e-3 }\r\n', "line 2, column 13: the number -8,5e-3 has a comma"),
        (b'title = "8,5"\nx = = 1', "wrong TOML syntax at line 2, column 5"),
        (b'kind = "line"\nx = [1, 2, 0x' + b"f" * 3600 + b"]", "x[2]: must be finite, found 0xffffff"),
        (b'kind = "line"\nx = 0x' + b"f" * 3600, "x: must be a list, found 0xffffff"),
        (b'kind = "line"\nx = [1, [0x' + b"f" * 3600 + b"]]", "x[1]: must be a number, found […]"),
        (b'kind = "line"\n' + b".".join([b"a"] * 50_000) + b" = 1", "line 2: a key has more than 20 dotted parts"),
        (b"\n\n[" + b" . ".join([b'"a\\"b"'] * 21) + b"]", "line 3: a key has more than 20 dotted parts"),
    ],
)
def test_a_wrong_file_is_one_line_on_standard_error_and_status_2(
    content: bytes, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "wrong.toml"
    path.write_bytes(content)
    assert main(["compute", str(path), "--json", "--lang", "en"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert err.startswith(f"chuan: {path}: ")
    assert says in err
    assert len(err) < 1000


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["compute"], "the file's name is missing"),
        (["compute", "nowhere.toml"], "nowhere.toml: there is no such file"),
        (["compute", "."], "cannot be read"),
        (["compute", "/dev/zero"], "larger than 16 MB"),
        (["compute", "x.toml", "--method", "guess"], "invalid choice"),
        (["compute", "x.toml", "--colour"], "--colour"),
        (["compute", "x.toml", "--trials", "many"], "invalid int"),
        (["compute", "x.toml", "--trials", "1"], "--trials must be 2 to 100000000, found 1"),
        (["compute", "x.toml", "--seed", "-1"], "--seed must be 0"),
        (["compute", "x.toml", "--threads", "0"], "--threads must be 1"),
        (["compute", "x.toml", "y.toml"], "y.toml"),
        (["metrology", "guess"], 'unknown command "guess"'),
    ],
)
def test_a_wrong_call_is_one_line_and_status_2(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments, "--lang", "en"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert says in err


def test_refusals_are_vietnamese_unless_asked_otherwise(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compute", "nowhere.toml"]) == 2
    assert capsys.readouterr().err == "chuan: nowhere.toml: không có tệp này\n"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["compute", "x.toml", "--trials", "abc"], "gọi sai: --trials phải là số nguyên, đang là 'abc'"),
        (["compute", "x.toml", "--method", "m"], "gọi sai: --method không nhận 'm'; được phép: 'gum', 'monte-carlo', "),
        (["compute", "x.toml", "--seed"], "gọi sai: --seed thiếu giá trị"),
        (["compute", "x.toml", "--json=1"], "gọi sai: --json không nhận giá trị '1'"),
        (["compute", "x.toml", "--colour"], "gọi sai: không có tùy chọn hoặc thừa: --colour"),
        (["compute", "."], ".: không đọc được tệp: đó là một thư mục"),
        (["compute", "pyproject.toml/x"], "không đọc được tệp: có phần trong đường dẫn không phải thư mục"),
        (["metrology", "check", "."], ".: không đọc được tệp: đó là một thư mục"),
        (["compute", "examples/line.toml", "--proof", "."], ".: không ghi được: đó là một thư mục"),
        (["metrology", "audit", "x.toml", "--lower", "0,9"], "--lower phải là một số hữu hạn"),
    ],
)
def test_what_python_and_the_system_refuse_is_said_in_vietnamese_too(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    err = capsys.readouterr().err
    assert says in err
    assert not re.search("argument|invalid|[Dd]irectory|expected", err)


def test_a_reason_of_the_system_without_words_here_is_kept() -> None:
    assert cause_of(OSError(9999, "Odd")).say("vi") == "Odd"
    assert cause_of(OSError()).say("en") == "OSError"


def test_a_decimal_comma_is_named_in_vietnamese_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "comma.toml"
    path.write_text(GOOD.replace("0.5", "1.234,5"), encoding="utf-8")
    assert main(["compute", str(path)]) == 2
    assert "dòng 7, cột 29: số 1.234,5 có dấu phẩy; trong tệp, số có dấu chấm thập phân" in capsys.readouterr().err


def test_json_is_exactly_one_document(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compute", str(file), "--json", "--method", "gum"]) == 0
    out, err = capsys.readouterr()
    result = json.loads(out, parse_constant=lambda name: pytest.fail(name))
    assert err == ""
    assert result["kind"] == "uncertainty"
    assert result["measurands"][0]["gum"]["estimate"] == 6.0
    assert result == compute(load(str(file)), Options(method="gum"))


def test_options_reach_the_computation(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["compute", str(file), "--json", "--method", "monte-carlo", "--trials", "5000", "--seed", "9"]
    assert main(arguments) == 0
    first = capsys.readouterr().out
    part = json.loads(first)["measurands"][0]["monte_carlo"]
    assert (part["trials"], part["seed"], part["adaptive"]) == (5000, 9, False)
    assert main([*arguments, "--threads", "2"]) == 0
    assert capsys.readouterr().out == first


def test_the_table_speaks_both_languages(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compute", str(file), "--method", "gum"]) == 0
    assert "xác suất phủ 95 %" in capsys.readouterr().out
    assert main(["compute", str(file), "--method", "gum", "--lang=en"]) == 0
    assert "coverage probability 95 %" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments", [["compute", "--help"], ["metrology"], ["metrology", "--help"], ["compute", "-h"]]
)
def test_help_is_in_both_languages(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 0
    vietnamese = capsys.readouterr().out
    assert main([*arguments, "--lang", "en"]) == 0
    english = capsys.readouterr().out
    assert vietnamese != english
    assert "chuan compute" in vietnamese


def test_help_prints_the_conventions(capsys: pytest.CaptureFixture[str]) -> None:
    main(["compute", "--help", "--lang", "en"])
    text = capsys.readouterr().out
    for words in ("Student t", "floor(ν·(1 + 10⁻⁹))", "no-joint-distribution", "⌊pM + ½⌋", "½ f_ij²", *KINDS):
        assert words in text


def test_the_gum_alone_loads_neither_numpy_nor_django() -> None:
    code = (
        "import sys; from chuan.metrology.command import main; "
        "status = main(['compute', sys.argv[1], '--method', 'gum', '--json']); "
        "loaded = {m.split('.')[0] for m in sys.modules}; "
        "print(*sorted(loaded & {'numpy', 'scipy', 'mpmath', 'django'}), file=sys.stderr); "
        "sys.exit(status)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(EXAMPLES / "end_gauge.toml")],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0
    assert done.stderr == "\n"


def test_a_reader_that_goes_away_is_no_error() -> None:
    code = "import sys; from chuan.metrology.command import main; sys.exit(main(['compute', '--help']))"
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == b""
    assert process.wait() == 0


def test_too_little_memory_is_one_line_and_status_2(
    file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def exhausted(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("chuan.metrology.command.compute", exhausted)
    assert main(["compute", str(file), "--lang", "en"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("chuan: this machine has not enough memory")
    assert err.count("\n") == 1


def test_a_result_that_is_not_finite_is_refused_by_its_place() -> None:
    with pytest.raises(Refused) as refused:
        refuse_not_finite({"a": [1.0, {"b": float("nan")}]}, "")
    assert refused.value.place == "a[1].b"


def test_tables_name_place_found_and_allowed() -> None:
    with pytest.raises(Refused, match=r'^t: unknown key "q"; allowed: a, b$'):
        Table({"q": 1}, "t", ("a", "b"))
    table = Table({"a": 1, "b": [1, 2.5], "c": "x", "d": [[1, 2], [3]], "e": [1, "x"]}, "t", ("a", "b", "c", "d", "e"))
    with pytest.raises(Refused, match=r"^t.a: must be above 1, found 1$"):
        table.number("a", above=1)
    with pytest.raises(Refused, match=r'^t.c: must be one of "y", "z"; found "x"$'):
        table.choice("c", ("y", "z"))
    with pytest.raises(Refused, match=r"^t.d\[1\]: each row must have 2 numbers, this one has 1$"):
        table.rows("d")
    with pytest.raises(Refused, match=r"^t.e\[0\]: must be a text, found 1$"):
        table.texts("e")
    with pytest.raises(Refused, match=r"^t.a: must be a table, found 1$"):
        table.table("a", ())
    with pytest.raises(Refused, match=r"^t.b: needs at least 3 values, found 2$"):
        table.numbers("b", least=3)
    with pytest.raises(Refused, match=r"^t.c: must be true or false, found \"x\"$"):
        table.boolean("c", False)
    with pytest.raises(Refused, match=r"^t.b: must be a whole number, found \[1, 2.5\]$"):
        table.whole("b")
    with pytest.raises(Refused, match="must be finite"):
        number(10**400, "t")
    assert table.numbers("b") == (1.0, 2.5)
    assert table.optional("z") is None


def test_what_is_quoted_back_stays_one_short_line() -> None:
    assert quote("a\nb\x1b[31m\u2028c") == '"a b [31m c"'
    assert len(quote("x" * 10_000)) == 40
    assert parse("\ufeffa = 1".encode()) == {"a": 1}


@pytest.mark.parametrize(
    "toml",
    [
        ".".join(["a"] * 20) + " = 1",
        "x = '" + ".".join(["a"] * 50) + "' # " + ".".join(["a"] * 50),
        'x = """\n' + ".".join(["a"] * 50) + '\n"\\""""',
        "x = '''\n" + ".".join(["a"] * 50) + "\n'''",
        "x = [" + ", ".join(["1.5"] * 50) + "]",
    ],
)
def test_dots_in_texts_and_numbers_make_no_deep_key(toml: str) -> None:
    assert parse(toml.encode()) == tomllib.loads(toml)
