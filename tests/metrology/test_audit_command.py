"""`chuan metrology audit`: refusals in one line, then claimed beside achieved."""

import json
from pathlib import Path

import pytest

from chuan.metrology.command import main

EXAMPLES = Path(__file__).parents[2] / "examples"
GAUGE = str(EXAMPLES / "end_gauge.toml")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "the file's name is missing"),
        (["nowhere.toml"], "nowhere.toml"),
        ([str(EXAMPLES / "gauge-study.toml")], 'only files of kind = "uncertainty", "conformity", "line"'),
        ([GAUGE, "--repetitions", "10"], "must be 1000 to 10⁶"),
        ([GAUGE, "--prior-mean", "1"], "prior_sd"),
        ([GAUGE, "--lower", "ten"], "--lower must be a finite number with a decimal point (8.5); found ten"),
        ([GAUGE, "--upper", "0,9"], "--upper must be a finite number with a decimal point (8.5); found 0,9"),
        ([GAUGE, "--guard-factor", "inf"], "--guard-factor must be a finite number"),
        ([GAUGE, "--measurand", "x", "--lower", "1"], "x"),
    ],
)
def test_what_cannot_be_audited_is_refused_in_one_line(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["metrology", "audit", *arguments, "--lang", "en"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert says in err


def test_the_end_gauge_covers_less_than_its_99_percent(capsys: pytest.CaptureFixture[str]) -> None:
    """Its second-order term is left out by the law of propagation (GUM H.1.7)."""
    assert main(["metrology", "audit", GAUGE, "--repetitions", "20000", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["kind"] == "coverage-audit"
    assert main(["metrology", "audit", GAUGE, "--repetitions", "20000"]) == 0
    assert "đạt ít hơn công bố" in capsys.readouterr().out


def test_the_help_is_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["metrology", "audit", "--help"]) == 0
    assert "từ số đọc đến kết luận" in capsys.readouterr().out
    assert main(["metrology", "audit", "--help", "--lang", "en"]) == 0
    assert "from readings to verdict" in capsys.readouterr().out
