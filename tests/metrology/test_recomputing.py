"""Stored results computed anew in columns: what is refused, what differs is named, and nothing hides in a column."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from bench.metrology_stored import stored
from chuan.metrology import proof
from chuan.metrology.command import main
from chuan.metrology.files import Options
from chuan.metrology.recomputing import alone, recompute
from tests.metrology import golden
from tests.metrology.uncertainty_documents import GUM

COUNT = 200


@pytest.fixture(scope="module")
def many() -> list[bytes]:
    """Results of six models, all different."""
    return stored(COUNT)


def named(content: list[bytes]) -> list[tuple[str, Any]]:
    """Each with its number as its place."""
    return [(str(i), one) for i, one in enumerate(content)]


def put(content: bytes, keys: tuple[Any, ...], value: Any) -> bytes:
    """The proof with one leaf changed."""
    changed = json.loads(content)
    inside = changed
    for key in keys[:-1]:
        inside = inside[key]
    inside[keys[-1]] = value
    return json.dumps(changed).encode()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"3", b"{}", b"\xff", b'{"format": "x"}', b"[" * 100_000])
def test_what_is_no_proof_is_said_and_the_others_go_on(content: bytes, many: list[bytes]) -> None:
    found = recompute(named([*many[:10], content, *many[10:20]]))
    assert found.budgets == 20
    (outcome,) = found.outcomes
    assert outcome.place == "10"
    assert outcome.refusal is not None


def counted(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The results that are computed by themselves from now on."""
    asked: list[object] = []
    one = alone.differences

    def asking(result: Any) -> Any:
        asked.append(result)
        return one(result)

    monkeypatch.setattr(alone, "differences", asking)
    return asked


GUM_KEYS = ("result", "measurands", 0, "gum")
NUMBERS: list[tuple[Any, ...]] = [
    *((*GUM_KEYS, key) for key in ("estimate", "standard_uncertainty", "effective_dof", "dof_used")),
    *((*GUM_KEYS, key) for key in ("coverage_probability", "coverage_factor", "expanded_uncertainty")),
    (*GUM_KEYS, "interval", 0),
    (*GUM_KEYS, "interval", 1),
    *(
        (*GUM_KEYS, "budget", 1, key)
        for key in ("value", "standard_uncertainty", "dof", "sensitivity", "contribution", "share")
    ),
]


@pytest.mark.parametrize("keys", NUMBERS, ids=lambda keys: str(keys[-1]))
def test_each_stored_number_that_differs_is_named(keys: tuple[Any, ...], many: list[bytes]) -> None:
    changed, wrong = list(many), {}
    for number, off in zip(range(6, 42, 6), (1e-9, -0.5, None, "1.0", True, [1.0]), strict=True):
        leaf = json.loads(many[number])
        for key in keys:
            leaf = leaf[key]
        wrong[str(number)] = leaf * (1 + off) if isinstance(off, float) else off
        changed[number] = put(many[number], keys, wrong[str(number)])
    outcomes = recompute(named(changed)).outcomes
    assert [outcome.place for outcome in outcomes] == list(wrong)
    for outcome in outcomes:
        (mismatch,) = outcome.mismatches
        assert mismatch.key.endswith(keys[-1] if isinstance(keys[-1], str) else f"interval[{keys[-1]}]")
        assert mismatch.stored == proof.shown(wrong[outcome.place])


@pytest.mark.parametrize("key", ["symbol", "label"])
def test_words_of_a_budget_line_are_held_too(key: str, many: list[bytes]) -> None:
    changed = [put(one, (*GUM_KEYS, "budget", 2, key), "other") for one in many[:60:6]]
    outcomes = recompute(named(changed)).outcomes
    assert {mismatch.key for one in outcomes for mismatch in one.mismatches} == {
        f"result.measurands[0].gum.budget[2].{key}"
    }
    assert len(outcomes) == 10


@pytest.mark.parametrize(
    ("keys", "value", "says"),
    [
        (("input", 0, "coverage_factor"), 0.5, "input[0].coverage_factor"),
        (("input", 0, "expanded_uncertainty"), -75, "input[0].expanded_uncertainty"),
        (("input", 0, "dof"), 0, "input[0].dof"),
        (("input", 0, "value"), 10**400, "input[0].value"),
        (("input", 0, "value"), True, "input[0].value"),
        (("input", 1, "components", 0, "standard_uncertainty"), 0, "components[0].standard_uncertainty"),
        (("input", 2, "half_width"), -1e-6, "input[2].half_width"),
        (("input", 0, "symbol"), ["l_s"], "input[0].symbol"),
        (("input", 0, "colour"), "red", 'unknown key "colour"'),
        (("measurand", 0, "equation"), "l_s +", "measurand[0].equation"),
        (("coverage_probability",), 1.5, "coverage_probability"),
        (("rounding",), "down", "rounding"),
        (("title",), 3, "title"),
    ],
)
def test_what_the_reader_refuses_is_refused_in_a_column_too(
    keys: tuple[Any, ...], value: Any, says: str, many: list[bytes]
) -> None:
    ends = many[0::6]
    broken = put(ends[3], ("document", *keys), value)
    (outcome,) = recompute(named([*ends[:3], broken, *ends[4:]])).outcomes
    assert outcome.place == "3"
    (mismatch,) = outcome.mismatches
    assert mismatch.refusal is not None
    assert says in mismatch.refusal.say("en")


def test_numbers_beyond_json_and_beyond_floats_are_no_traceback(many: list[bytes]) -> None:
    nan = put(many[0], (*GUM_KEYS, "estimate"), float("nan"))
    huge = put(many[1], (*GUM_KEYS, "estimate"), 10**400)
    found = recompute([("nan", nan), ("huge", huge), ("parsed", json.loads(nan))])
    assert [outcome.place for outcome in found.outcomes] == ["nan", "huge", "parsed"]
    assert [outcome.refusal is None for outcome in found.outcomes] == [False, True, False]
    assert found.outcomes[1].mismatches[0].key == "result.measurands[0].gum.estimate"


def test_a_document_with_another_number_differs_in_what_follows_from_it(many: list[bytes]) -> None:
    changed = put(many[0], ("document", "input", 0, "dof"), 19)
    (outcome,) = recompute(named([changed, *many[6::6]])).outcomes
    keys = [mismatch.key.rpartition(".")[2] for mismatch in outcome.mismatches]
    assert keys[0] == "dof"
    assert {"effective_dof", "expanded_uncertainty"} < set(keys)
    assert not {"estimate", "standard_uncertainty", "contribution"} & set(keys)


def test_every_golden_result_with_a_budget_comes_out_again() -> None:
    found = recompute((str(path), path.read_bytes()) for path in golden.FOLDER.glob("*/*.json"))
    assert found.outcomes == ()
    assert found.budgets > 30
    assert found.without_budget > 30


def test_columns_tell_nearly_all_of_many_results_and_one_by_one_the_same(
    many: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = counted(monkeypatch)
    assert recompute(named(many)).outcomes == ()
    assert len(asked) < COUNT // 20
    assert not any(alone.differences(json.loads(content)) for content in many[:20])


DISTRIBUTIONS: list[dict[str, Any]] = [
    {"distribution": "student_t", "standard_uncertainty": 0.1, "dof": 5, "scale": "standard_deviation"},
    {"standard_uncertainty": 0.1, "relative_uncertainty_of_uncertainty": 0.2},
    {"distribution": "rectangular", "half_width": 0.1},
    {"distribution": "triangular", "half_width": 0.1, "dof": 8},
    {"distribution": "trapezoidal", "half_width": 0.1, "beta": 0.3},
    {"distribution": "arcsine", "half_width": 0.1},
    {"distribution": "curvilinear_trapezoid", "half_width": 0.1, "half_width_limit": 0.05},
    {"distribution": "constant"},
]


@pytest.mark.parametrize("coverage", ["t", "k=2", "t-real"])
def test_every_distribution_is_read_in_columns_as_the_reader_reads_it(
    coverage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def document(k: int) -> dict[str, Any]:
        inputs = [{"symbol": f"x{i}", "value": 2 + k / 10, **more} for i, more in enumerate(DISTRIBUTIONS)]
        inputs += [
            {"symbol": "e", "distribution": "exponential", "value": 0.5 + k / 10},
            {"symbol": "g", "distribution": "gamma", "shape": 2 + k, "scale": 0.5},
            {"symbol": "b", "distribution": "rectangular", "low": 1, "high": 2 + k},
            {"symbol": "o", "observations": [1.0, 1.25, 1.5 + k], "components": [{"standard_uncertainty": 0.1}]},
            {"symbol": "p", "value": 1, "components": [DISTRIBUTIONS[2], DISTRIBUTIONS[5]]},
        ]
        equation = " + ".join(f"{item['symbol']}^2" for item in inputs)
        measurands = [{"symbol": "y", "equation": equation}, {"symbol": "z", "equation": "x0*o"}]
        return {"kind": "uncertainty", "coverage": coverage, "measurand": measurands, "input": inputs}

    proofs = [proof.prove(document(k), GUM) for k in range(6)]
    asked = counted(monkeypatch)
    assert recompute([(str(k), one) for k, one in enumerate(proofs)]).outcomes == ()
    assert len(asked) == (6 if coverage == "t-real" else 0)
    for place in ("y", "z"):
        spoiled = copy.deepcopy(proofs)
        spoiled[4]["result"]["measurands"]["yz".index(place)]["gum"]["budget"][-1]["value"] += 1
        (outcome,) = recompute([(str(k), one) for k, one in enumerate(spoiled)]).outcomes
        assert outcome.place == "4"


@pytest.mark.parametrize(("dof", "told"), [(None, True), (9, False)])
def test_stated_correlations_are_told_in_columns_where_there_is_a_dof(
    dof: int | None, told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def document(k: int) -> dict[str, Any]:
        inputs = [{"symbol": s, "value": 2 + k / 10, "standard_uncertainty": 0.1 + k / 100} for s in "abc"]
        inputs[0] |= {} if dof is None else {"dof": dof}
        pairs = [{"between": ["a", "b"], "coefficient": -0.4}]
        measurand = [{"symbol": "y", "equation": "a*b/c"}]
        return {"kind": "uncertainty", "measurand": measurand, "input": inputs, "correlation": pairs}

    asked = counted(monkeypatch)
    proofs = [proof.prove(document(k), GUM) for k in range(8)]
    assert recompute([(str(k), one) for k, one in enumerate(proofs)]).outcomes == ()
    assert len(asked) == (0 if told else 8)
    proofs[3]["document"]["correlation"][0]["coefficient"] = -0.5
    proofs[5]["result"]["measurands"][0]["gum"]["budget"][1]["share"] += 1e-9
    outcomes = recompute([(str(k), one) for k, one in enumerate(proofs)]).outcomes
    assert [outcome.place for outcome in outcomes] == ["3", "5"]


def test_the_command_names_what_differs_and_adds_up(
    tmp_path: Path, many: list[bytes], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["metrology", "recompute", "--lang", "en"]) == 2
    assert main(["metrology", "recompute", str(tmp_path / "none.json"), "--lang", "en"]) == 2
    assert "there is no such file" in capsys.readouterr().err
    (tmp_path / "a.json").write_bytes(many[0])
    (tmp_path / "b.jsonl").write_bytes(b"\n".join(many[1:9]) + b"\n\n")
    assert main(["metrology", "recompute", str(tmp_path), "--lang", "en"]) == 0
    same = "9 results computed anew, 9 the same, 0 differ; 0 have no budget; 0 wrong files\n"
    assert capsys.readouterr().out == same
    (tmp_path / "b.jsonl").write_bytes(many[1] + b"\n" + put(many[2], (*GUM_KEYS, "estimate"), 7))
    assert main(["metrology", "recompute", str(tmp_path / "b.jsonl"), "--lang", "en"]) == 1
    out = capsys.readouterr().out.splitlines()
    assert out[0].startswith(f"{tmp_path / 'b.jsonl'}:2: result.measurands[0].gum.estimate: stored 7, recomputed ")
    assert out[1].startswith("2 results computed anew, 1 the same, 1 differ")
    (tmp_path / "c.json").write_text("{}")
    assert main(["metrology", "recompute", str(tmp_path), "--lang", "vi"]) == 2
    captured = capsys.readouterr()
    assert captured.err.startswith(f"chuan: {tmp_path / 'c.json'}: ")
    assert captured.out.endswith("3 kết quả đã tính lại, 2 giống, 1 khác; 0 không có bảng; 1 tệp sai\n")


def test_results_without_a_budget_are_counted_apart() -> None:
    drawn = {
        "kind": "uncertainty",
        "measurand": [{"symbol": "y", "equation": "2*a"}],
        "input": [{"symbol": "a", "value": 1, "standard_uncertainty": 0.1}],
    }
    found = recompute([("drawn", proof.prove(drawn, Options("monte-carlo", trials=2000)))])
    assert (found.budgets, found.without_budget, found.outcomes) == (0, 1, ())
