"""`chuan metrology recompute`: the budgets of any number of stored results, computed anew."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from chuan.metrology.command.calls import Parser
from chuan.metrology.files.reading import content
from chuan.metrology.proof import Mismatch
from chuan.metrology.recomputing import Outcome, recompute
from chuan.metrology.words import Language, Refused, Text, cause_of

_USAGE = Text(
    """chuan metrology recompute THƯ_MỤC|TỆP… [--lang vi|en]

Tính lại bảng độ không đảm bảo của mọi kết quả đã lưu (tệp bằng chứng: chuan compute … --proof), so từng số trong 10⁻¹².
THƯ_MỤC: mọi tệp *.json và *.jsonl trong đó; TỆP.jsonl: mỗi dòng một tệp bằng chứng. In một dòng cho mỗi tệp có khác,
nêu từng khóa, rồi số cộng. Số hạng bậc hai, làm tròn, Monte Carlo và SHA-256: dùng chuan metrology check cho từng tệp.

Mã thoát: 0 mọi bảng ra lại như cũ; 1 có khác; 2 có tệp không phải tệp bằng chứng.
""",
    """chuan metrology recompute FOLDER|FILE… [--lang vi|en]

Compute the budgets of all stored results anew (proof files: chuan compute … --proof) and compare each number to 10⁻¹².
FOLDER: every *.json and *.jsonl in it; FILE.jsonl: a proof in each line. Prints one line for each file that differs,
with every key, then a sum. Second order, rounding, Monte Carlo and SHA-256 are for chuan metrology check, file by file.

Exit status: 0 every budget came out again; 1 something differs; 2 some file is no proof.
""",
)
_MISSING = Text("thiếu thư mục hoặc tệp bằng chứng", "the folder or the proof file is missing")
_UNREADABLE = Text("không đọc được: {why}", "cannot be read: {why}")
_SUM = Text(
    "{budgets} kết quả đã tính lại, {same} giống, {differ} khác; {without} không có bảng; {wrong} tệp sai",
    "{budgets} results computed anew, {same} the same, {differ} differ; {without} have no budget; {wrong} wrong files",
)
_ONE = Text("{key}: trong tệp {stored}, tính lại {found}", "{key}: stored {stored}, recomputed {found}")


def main(arguments: Sequence[str], language: Language) -> int:
    """Recompute everything that is named: 0 the same, 1 something differs, 2 some file is no proof."""
    asked = _parser().parse_args(list(arguments))
    if asked.help:
        sys.stdout.write(_USAGE.say(language))
        return 0
    if not asked.places:
        raise Refused(_MISSING)
    found = recompute(_stored(asked.places))
    for outcome in found.outcomes:
        if outcome.refusal is None:
            sys.stdout.write(f"{outcome.place}: {_differs(outcome, language)}\n")
        else:
            sys.stderr.write(f"chuan: {outcome.refusal.of_file(outcome.place).say(language)}\n")
    wrong = sum(outcome.refusal is not None for outcome in found.outcomes)
    differ = len(found.outcomes) - wrong
    counts = {"budgets": found.budgets, "same": found.budgets - differ, "differ": differ}
    sys.stdout.write(_SUM.put(**counts, without=found.without_budget, wrong=wrong).say(language) + "\n")
    return 2 if wrong else 1 if differ else 0


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="chuan metrology recompute", add_help=False, allow_abbrev=False)
    parser.add_argument("places", nargs="*")
    parser.add_argument("--lang", choices=("vi", "en"), default="vi")
    parser.add_argument("-h", "--help", action="store_true")
    return parser


def _stored(places: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Every stored result with its file, and its line in a file of many."""
    for place in places:
        path = Path(place)
        if not path.is_dir():
            yield from _of_file(path)
            continue
        for file in sorted(found for found in path.rglob("*") if found.suffix in (".json", ".jsonl")):
            yield from _of_file(file)


def _of_file(path: Path) -> Iterator[tuple[str, bytes]]:
    if path.suffix != ".jsonl":
        try:
            yield str(path), content(str(path))
        except Refused as refused:
            raise refused.of_file(str(path)) from None
        return
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield f"{path}:{number}", line
    except OSError as error:
        raise Refused(_UNREADABLE.put(why=cause_of(error))).of_file(str(path)) from None


def _differs(outcome: Outcome, language: Language) -> str:
    return "; ".join(_one(mismatch).say(language) for mismatch in outcome.mismatches)


def _one(mismatch: Mismatch) -> Text:
    refusal = mismatch.refusal
    found = Text(mismatch.found, mismatch.found) if refusal is None else Text(refusal.say("vi"), refusal.say("en"))
    return Text(
        _ONE.vi.format(key=mismatch.key, stored=mismatch.stored, found=found.vi),
        _ONE.en.format(key=mismatch.key, stored=mismatch.stored, found=found.en),
    )
