"""`chuan compute` and `chuan metrology`: the kernel's command line, without Django.

Exit status: 0 computed; 2 the call or the file is wrong, with one line on standard error.
"""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from typing import cast

from chuan.metrology.command.calls import Parser, as_json
from chuan.metrology.command.manual import COMPUTE, METROLOGY
from chuan.metrology.files import Options, compute, kind_of
from chuan.metrology.files.reading import load, quote
from chuan.metrology.monte_carlo.results import MOST_TRIALS
from chuan.metrology.words import Language, Refused, Text

#: Subcommands of `chuan metrology`: the module whose `main(arguments, language)` runs each, imported when asked for.
COMMANDS: dict[str, str] = {
    "audit": "chuan.metrology.command.auditing",
    "check": "chuan.metrology.command.proving",
    "explain": "chuan.metrology.command.explaining",
    "model": "chuan.metrology.command.modelling",
    "plan": "chuan.metrology.command.planning",
    "recompute": "chuan.metrology.command.recomputing",
    "validate": "chuan.metrology.command.validating",
}

_UNKNOWN_COMMAND = Text("không có lệnh {found}; có: {known}", "unknown command {found}; known: {known}")
_TRIALS = Text("--trials phải từ 2 đến {most}, đang là {found}", "--trials must be 2 to {most}, found {found}")
_SEED = Text("--seed phải từ 0 đến 2^128 − 1, đang là {found}", "--seed must be 0 to 2^128 − 1, found {found}")
_PROVED = Text("\nBằng chứng: {out}, SHA-256 {sha256}\n", "\nProof: {out}, SHA-256 {sha256}\n")
_MEMORY = Text(
    "máy này không đủ bộ nhớ cho phép tính; hãy cho ít phép thử (--trials) hoặc ít đại lượng đo hơn",
    "this machine has not enough memory for the computation; ask for fewer trials (--trials) or measurands",
)
_THREADS = Text("--threads phải từ 1 đến 64, đang là {found}", "--threads must be 1 to 64, found {found}")


def main(argv: Sequence[str]) -> int:
    """Run one command (`argv` begins with "compute" or "metrology"); returns the exit status."""
    language = _language(argv)
    try:
        status = _run(argv, language)
        sys.stdout.flush()
    except Refused as refused:
        sys.stderr.write(f"chuan: {refused.say(language)}\n")
        return 2
    except MemoryError:
        sys.stderr.write(f"chuan: {_MEMORY.say(language)}\n")
        return 2
    except BrokenPipeError:
        # The reader went away (`chuan compute … | head`): not an error of ours.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status


def _language(argv: Sequence[str]) -> Language:
    """The language asked for, found before the call is parsed, since a wrong call is refused in it too."""
    for i, word in enumerate(argv):
        if word == "--lang=en" or (word == "--lang" and list(argv[i + 1 : i + 2]) == ["en"]):
            return "en"
    return "vi"


def _run(argv: Sequence[str], language: Language) -> int:
    if argv and argv[0] == "compute":
        return _compute(argv[1:], language)
    rest = [word for word in argv[1:] if word not in {"-h", "--help"}]
    if not rest or rest[0].startswith("-"):
        sys.stdout.write(METROLOGY.say(language))
        return 0
    if rest[0] == "compute":
        return _compute(argv[2:], language)
    if rest[0] not in COMMANDS:
        raise Refused(_UNKNOWN_COMMAND.put(found=quote(rest[0]), known=", ".join(["compute", *COMMANDS])))
    return cast("int", importlib.import_module(COMMANDS[rest[0]]).main(argv[2:], language))


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="chuan compute", add_help=False, allow_abbrev=False)
    parser.add_argument("file", nargs="?")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--method", choices=("gum", "monte-carlo", "both"), default="both")
    parser.add_argument("--trials", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--proof")
    parser.add_argument("--lang", choices=("vi", "en"), default="vi")
    parser.add_argument("-h", "--help", action="store_true")
    return parser


def _compute(arguments: Sequence[str], language: Language) -> int:
    asked = _parser().parse_args(list(arguments))
    if asked.help:
        sys.stdout.write(COMPUTE.say(language))
        return 0
    if asked.file is None:
        raise Refused(
            Text(
                "chuan compute TỆP.toml [--json] …: thiếu tên tệp (--help để xem hướng dẫn)",
                "chuan compute FILE.toml [--json] …: the file's name is missing (--help tells more)",
            )
        )
    options = _options(asked, language)
    try:
        if asked.proof is not None:
            proof = importlib.import_module(COMMANDS["check"]).prove(asked.file, asked.proof, options)
            document, result = proof["document"], proof["result"]
        else:
            document = load(asked.file)
            result = compute(document, options)
    except Refused as refused:
        raise refused.of_file(asked.file) from None
    if asked.json:
        sys.stdout.write(as_json(result))
        return 0
    sys.stdout.write(kind_of(document).table(result, language, document).rstrip("\n") + "\n")
    if asked.proof is not None:
        sys.stdout.write(_PROVED.put(out=asked.proof, sha256=proof["sha256"]).say(language))
    return 0


def _options(asked: argparse.Namespace, language: Language) -> Options:
    if asked.trials is not None and not 2 <= asked.trials <= MOST_TRIALS:
        raise Refused(_TRIALS.put(most=MOST_TRIALS, found=asked.trials))
    if not 0 <= asked.seed < 2**128:
        raise Refused(_SEED.put(found=asked.seed))
    if not 1 <= asked.threads <= 64:
        raise Refused(_THREADS.put(found=asked.threads))
    return Options(asked.method, asked.trials, asked.seed, asked.threads, language)
