"""Proof files: whatever was changed in one is named, and an unchanged one comes out again bit for bit."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from chuan.metrology import KERNEL, proof
from chuan.metrology.command import main
from chuan.metrology.files import Options, compute
from chuan.metrology.files.reading import parse
from chuan.metrology.words import Refused
from tests.metrology.proofs import TOML, resealed
from tests.metrology.uncertainty_documents import document

EXAMPLES = Path(__file__).parents[2] / "examples"
GUM = Options(method="gum")
DRAWN = Options(trials=2000, seed=7)
DOCUMENT_OF_ANOTHER_KIND = {"kind": "line", "x": [1, 2, 3], "y": [1.1, 2.0, 3.2]}


@pytest.fixture(scope="module")
def proved() -> dict[str, Any]:
    """A proof of a file, with Monte Carlo."""
    return proof.prove(parse(TOML.encode()), DRAWN, TOML)


def changed(proved: dict[str, Any], old: str, new: str, count: int = 1) -> bytes:
    """The proof's file with one text replaced."""
    text = proof.write(proved).decode()
    assert text.count(old) >= count
    return text.replace(old, new, count).encode()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "not a proof file"),
        (b"\xff", "UTF-8, byte 0"),
        (b'{"format": ', "not a proof file"),
        (b"[" * 100_000, "not a proof file"),
        (b"[]", "the keys must be"),
        (b"{}", '"digests": the keys must be'),
        (b'{"format": 1, "format": 1}', "a key stands twice"),
        (b'{"format": NaN}', "NaN"),
    ],
)
def test_what_is_no_proof_is_refused(content: bytes, says: str) -> None:
    with pytest.raises(Refused) as refused:
        proof.verify(content)
    assert says in refused.value.say("en")
    assert "\n" not in refused.value.say("vi")


def test_another_format_is_refused(proved: dict[str, Any]) -> None:
    with pytest.raises(Refused, match=r'^format: format "chuan proof 9"'):
        proof.verify(changed(proved, "chuan proof 1", "chuan proof 9"))


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('"value": 3.25', '"value": 3.5', "document.input[0].value"),
        ('"value": 3.25', '"value": -3.25', "document.input[0].value"),
        ('"normal"', '"gaussian"', "document.input[0].distribution"),
        ("value = 3.25", "value = 3.5", "document.input[0].value"),
        ("# a remark", "# another", "file"),
        ('"seed": 7,\n  "trials"', '"seed": 8,\n  "trials"', "options"),
        ('"kernel": "1.', '"kernel": "9.', "kernel"),
        ('"numpy": "', '"numpy": "0', "libraries"),
        ("y = 2·a^2", "y = 2·a^3", "model.equations[0]"),
        ('"method": "both"', '"method": "guess"', "options"),
        ('"method": "both"', '"methods": "both"', "options"),
        ('"format": ', '"format":  ', "byte"),
    ],
)
def test_what_was_changed_is_named(proved: dict[str, Any], old: str, new: str, key: str) -> None:
    found = proof.verify(changed(proved, old, new)).mismatch
    assert found is not None
    assert found.key.partition(" ")[0] == key
    assert found.stored != found.found


def test_a_changed_result_is_named_with_both_values(proved: dict[str, Any]) -> None:
    other = json.loads(proof.write(proved))
    other["result"]["measurands"][0]["gum"]["budget"][0]["sensitivity"] = 13.000000000000002
    found = proof.verify(proof.write(other)).mismatch
    assert found is not None
    assert found.key == "result.measurands[0].gum.budget[0].sensitivity"
    assert (found.stored, found.found) == ("13.000000000000002", "13.0")
    assert found.relative == pytest.approx(1.4e-16, rel=0.1)


def test_a_consistent_forgery_does_not_come_out_again(proved: dict[str, Any]) -> None:
    """Someone who recomputes every digest still cannot make the kernel give another result."""
    other = json.loads(proof.write(proved))
    other["result"]["measurands"][0]["gum"]["standard_uncertainty"] = 6.4
    other["digests"] = {name: proof.digest(other[name]) for name in proof.SECTIONS}
    other["sha256"] = proof.digest(other["digests"])
    found = proof.verify(proof.write(other)).mismatch
    assert found is not None
    assert (found.key, found.stored, found.found) == ("result.measurands[0].gum.standard_uncertainty", "6.4", "6.5")


@pytest.mark.parametrize(
    ("key", "value", "found"),
    [
        ("method", "guess", "result"),
        ("method", None, "result"),
        ("language", "fr", "result"),
        ("trials", 10**30, "result"),
        ("trials", "many", "result"),
        ("trials", True, "result"),
        ("seed", -1, "result"),
        ("seed", 2.5, "result"),
        ("seed", 8, "result.correlation"),
        ("chunk", 1, "options.chunk"),
        ("generator", "PCG64", "options.generator"),
        ("more", 1, "options.more"),
    ],
)
def test_forged_options_do_not_pass_nor_run_away(proved: dict[str, Any], key: str, value: Any, found: str) -> None:
    mismatch = proof.verify(resealed(proved, "options", {**proved["options"], key: value})).mismatch
    assert mismatch is not None
    assert mismatch.key.startswith(found.partition(".")[0])
    if found == "result":
        assert mismatch.refusal is not None
        assert mismatch.refusal.place == f"options.{key}"
    elif found.startswith("options"):
        assert mismatch.key == found


@pytest.mark.parametrize(
    ("section", "value"),
    [
        ("file", 3),
        ("document", []),
        ("options", "both"),
        ("kernel", 1),
        ("libraries", None),
        ("model", "y"),
        ("result", None),
    ],
)
def test_a_section_of_another_kind_is_refused(proved: dict[str, Any], section: str, value: Any) -> None:
    with pytest.raises(Refused, match=f"^{section}: must be"):
        proof.verify(resealed(proved, section, value))


@pytest.mark.parametrize(
    ("section", "value", "key"),
    [
        ("document", {"kind": "guess"}, "document.input"),
        ("file", "kind = ", "document"),
        ("kernel", "2.0.0", "result.kernel"),
        ("libraries", {"numpy": None}, "libraries.numpy"),
        ("libraries", {"numpy": "2.4.6", "scipy": "1"}, "libraries.scipy"),
        ("model", None, "model"),
        ("options", None, "result"),
    ],
)
def test_forged_sections_do_not_pass(proved: dict[str, Any], section: str, value: Any, key: str) -> None:
    mismatch = proof.verify(resealed(proved, section, value)).mismatch
    assert mismatch is not None
    assert mismatch.key.startswith(key)


def test_digests_and_their_sum_are_named(proved: dict[str, Any]) -> None:
    for key in ("sha256", "digests.result"):
        other = json.loads(proof.write(proved))
        place = other if key == "sha256" else other["digests"]
        place[key.split(".")[-1]] = "0" * 64
        found = proof.verify(proof.write(other)).mismatch
        assert found is not None
        assert found.key == key


def test_a_byte_that_changes_no_value_is_named_by_its_place(proved: dict[str, Any]) -> None:
    content = proof.write(proved)
    at = content.index(b'"seed": 7') + 8
    assert proof.verify(content[:at] + b" " + content[at:]).mismatch == proof.Mismatch(f"byte {at}", "' '", "'7'")
    assert proof.verify(content[:-1]).mismatch == proof.Mismatch(f"byte {len(content) - 1}", "''", r"'\n'")


def test_one_and_one_point_are_not_the_same(proved: dict[str, Any]) -> None:
    found = proof.verify(changed(proved, '"rejected_draws": 0', '"rejected_draws": 0.0')).mismatch
    assert found == proof.Mismatch("result.measurands[0].monte_carlo.rejected_draws", "0.0", "0", 0.0)


def flips(content: bytes, step: int) -> list[bytes]:
    """The file with one byte changed, at every `step`-th place."""
    return [content[:i] + bytes([content[i] ^ 1]) + content[i + 1 :] for i in range(0, len(content), step)]


@pytest.mark.parametrize("step", [41, pytest.param(1, marks=pytest.mark.deep)])
def test_no_flipped_byte_passes(step: int) -> None:
    content = proof.write(proof.prove(parse(TOML.encode()), GUM, TOML))
    for i, flipped in enumerate(flips(content, step)):
        try:
            found = proof.verify(flipped).mismatch
        except Refused:
            continue
        assert found is not None, f"byte {i * step}"
        assert found.key


def test_the_proof_holds_what_the_result_came_from(proved: dict[str, Any]) -> None:
    assert set(proved) == {"format", *proof.SECTIONS, "digests", "sha256"}
    assert proved["file"] == TOML
    assert proved["result"] == compute(parse(TOML.encode()), DRAWN)
    assert proved["model"] == {"equations": ["y = 2·a^2"], "hash": proved["result"]["model_hash"]}
    assert proved["options"] == {
        "method": "both",
        "trials": 2000,
        "seed": 7,
        "language": "vi",
        "generator": "SFC64",
        "chunk": 32768,
    }
    assert proved["libraries"] == {"numpy": proof.numpy_version()}


def test_what_the_result_does_not_depend_on_is_not_in_the_proof() -> None:
    first = proof.prove(document(), Options(method="gum", seed=1, trials=5000))
    assert first["libraries"] == {"numpy": None}
    assert proof.write(proof.prove(document(), Options(method="gum", seed=2, threads=3))) == proof.write(first)
    assert proof.verify(proof.write(first)).mismatch is None
    other = proof.prove(DOCUMENT_OF_ANOTHER_KIND, Options(seed=3))
    assert (other["options"], other["model"]) == (None, None)
    assert proof.verify(proof.write(other)).mismatch is None


def test_the_hash_is_over_the_canonical_form(proved: dict[str, Any]) -> None:
    def canonical(value: Any) -> bytes:
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    digests = {name: hashlib.sha256(canonical(proved[name])).hexdigest() for name in proof.SECTIONS}
    assert proved["digests"] == digests
    assert proved["sha256"] == hashlib.sha256(canonical(digests)).hexdigest()
    assert proof.canonical({"b": 1e-6, "a": ["e\u0301", 1.0, -0.0]}) == '{"a":["é",1.0,-0.0],"b":1e-06}'.encode()


def test_a_proof_is_the_same_whatever_the_threads_and_the_form_of_letters() -> None:
    plain = {**document(), "title": "\u0111o \u1ea5m"}
    split = {**document(), "title": "\u0111o a\u0302\u0301m"}
    first = proof.write(proof.prove(plain, Options(trials=70_000)))
    assert proof.write(proof.prove(split, Options(trials=70_000, threads=2))) == first
    assert proof.verify(first, threads=2).mismatch is None


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.toml")), ids=lambda path: path.stem)
def test_every_example_comes_out_again(path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "proof.json"
    assert main(["compute", str(path), "--trials", "5000", "--json", "--proof", str(out)]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(out.read_bytes())["result"]
    assert main(["metrology", "check", str(out), "--lang", "en"]) == 0
    says = capsys.readouterr().out
    assert says.startswith("identical: SHA-256 ")
    assert "second kernel: " in says
    uncertainty = 'kind = "uncertainty"' in path.read_text(encoding="utf-8")
    assert ("Monte Carlo values agree within 5 standard errors" in says) == uncertainty
    assert (
        "model_hash, units_checked, notes" in says.partition("the second kernel did not recompute: ")[2]
    ) == uncertainty


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A file and where its proof goes."""
    path = tmp_path / "a.toml"
    path.write_text(TOML, encoding="utf-8")
    return path, tmp_path / "a.proof.json"


def test_the_commands_refuse_in_one_line(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    path, _ = files
    for call, says in (
        (["compute", str(path), "--proof", str(path)], "the very file"),
        (["compute", str(path), "--proof", str(path.parent)], "cannot be written"),
        (["metrology", "check"], "name is missing"),
        (["metrology", "check", "nowhere.json"], "no such file"),
        (["metrology", "check", str(path)], "not a proof file"),
        (["metrology", "check", str(path), "--threads", "0"], "invalid choice"),
    ):
        assert main([*call, "--lang", "en"]) == 2
        out, err = capsys.readouterr()
        assert (out, err.count("\n")) == ("", 1)
        assert says in err
    assert path.read_text(encoding="utf-8") == TOML


def test_check_says_what_differs_and_returns_1(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    path, out = files
    assert main(["compute", str(path), "--method", "gum", "--proof", str(out)]) == 0
    assert f"SHA-256 {json.loads(out.read_bytes())['sha256']}" in capsys.readouterr().out
    out.write_bytes(out.read_bytes().replace(b'"value": 3.25,\n    "value', b'"value": 3.5,\n    "value'))
    text = out.read_text(encoding="utf-8").replace('"expanded_uncertainty": 12.', '"expanded_uncertainty": 13.')
    out.write_text(text, encoding="utf-8")
    assert main(["metrology", "check", str(out)]) == 1
    assert capsys.readouterr().out.startswith("khác ở result.measurands[0].gum.expanded_uncertainty: trong tệp 13.")


def test_a_document_that_no_longer_computes_is_told_in_the_readers_language(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    _, out = files
    out.write_bytes(resealed(proof.prove(document(), GUM), "document", {**document(), "coverage": "k=0"}))
    assert main(["metrology", "check", str(out)]) == 1
    vietnamese = capsys.readouterr().out
    assert vietnamese.startswith("khác ở model: trong tệp ")
    assert "với k từ 1 trở lên" in vietnamese


def test_where_the_second_kernel_has_no_slope_it_says_so(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = files
    path.write_text(TOML.replace("2*a^2", "a^1.5").replace("3.25", "0"), encoding="utf-8")
    assert main(["compute", str(path), "--method", "gum", "--proof", str(out)]) == 0
    capsys.readouterr()
    assert main(["metrology", "check", str(out), "--lang", "en"]) == 0
    assert "no conclusion" in capsys.readouterr().out


def test_a_last_digit_is_told_from_a_wrong_one(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    path, out = files
    main(["compute", str(path), "--method", "gum", "--proof", str(out)])
    out.write_bytes(out.read_bytes().replace(b'"sensitivity": 13.0', b'"sensitivity": 13.000000000000002'))
    capsys.readouterr()
    assert main(["metrology", "check", str(out), "--lang", "en"]) == 1
    assert "off by a part of 1e-16 only" in capsys.readouterr().out


def test_a_later_kernel_with_the_same_digits_is_told(
    files: tuple[Path, Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, out = files
    main(["compute", str(path), "--proof", str(out), "--trials", "2000"])
    capsys.readouterr()
    for module in ("chuan.metrology.command.proving", "chuan.metrology.files.uncertainty.results"):
        monkeypatch.setattr(f"{module}.KERNEL", "9.0.0")
    monkeypatch.setattr("chuan.metrology.proof.numpy_version", lambda: "9.9")
    assert main(["metrology", "check", str(out), "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert f"computed by kernel {KERNEL}, this is 9.0.0" in said
    assert "here is 9.9" in said


@pytest.mark.parametrize("language", ["vi", "en"])
def test_help(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["metrology", "check", "--help", "--lang", language]) == 0
    assert "chuan metrology check" in capsys.readouterr().out
