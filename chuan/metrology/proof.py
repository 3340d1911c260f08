"""A result with all that it was computed from, in one file that recomputes bit for bit elsewhere.

The file is JSON of these sections: `file` (the text as given, or null), `document` (the same, read), `options`,
`kernel`, `libraries` (numpy where it drew), `model` (normalised text and identity; null for kinds without one) and
`result`. `digests` holds the SHA-256 of each section's canonical form, `sha256` that of the digests' canonical form:
the one number that a certificate carries.

Canonical form: JSON in UTF-8, texts in NFC, keys sorted by code point, no spaces, floats as the shortest decimal that
reads back to the same double. Threads are no part of it, for they change no digit.
"""

import hashlib
import importlib.metadata
import json
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, NoReturn

from chuan.metrology import KERNEL, versions
from chuan.metrology.files import Options, compute, uncertainty
from chuan.metrology.files.reading import parse, quote
from chuan.metrology.monte_carlo.results import MOST_TRIALS
from chuan.metrology.words import Refused, Text

FORMAT = "chuan proof 1"
_SHAPES: Mapping[str, tuple[type, ...]] = {
    "file": (str, type(None)),
    "document": (dict,),
    "options": (dict, type(None)),
    "kernel": (str,),
    "libraries": (dict,),
    "model": (dict, type(None)),
    "result": (dict,),
    "digests": (dict,),
    "sha256": (str,),
}
SECTIONS = ("file", "document", "options", "kernel", "libraries", "model", "result")
_WANTED = {"format", *SECTIONS, "digests", "sha256"}

#: So much of a value is shown where it differs.
_LONGEST_SHOWN = 100

_NOT_PROOF = Text("không phải tệp bằng chứng: {why}", "not a proof file: {why}")
_KEYS = Text("các khóa phải là {wanted}", "the keys must be {wanted}")
_SHAPE = Text("phải là {wanted}", "must be {wanted}")
_FORMAT = Text("định dạng {found}, bản này đọc được {wanted}", "format {found}, this version reads {wanted}")
_NO_JSON = Text("số liệu có giá trị không ghi được thành JSON: {found}", "a value cannot be written as JSON: {found}")


@dataclass(frozen=True)
class Mismatch:
    """The first key that does not come out again, with what the file says and what was found."""

    key: str
    stored: str
    found: str
    #: Relative difference of two numbers, None of anything else.
    relative: float | None = None
    #: Why nothing could be found there.
    refusal: Refused | None = None


@dataclass(frozen=True)
class Verdict:
    """Whether a proof came out again as its kernel gave it, and which key did not."""

    proof: Mapping[str, Any]
    mismatch: Mismatch | None
    #: What a later kernel than the proof's gives otherwise, named by version.
    later: tuple[Text, ...] = ()

    @property
    def sha256(self) -> str:
        """What the proof says of itself."""
        return str(self.proof["sha256"])

    @property
    def kernel(self) -> str:
        """The kernel that made it."""
        return str(self.proof["kernel"])

    @property
    def numpy(self) -> str | None:
        """The numpy that drew; None where nothing was drawn."""
        libraries = self.proof["libraries"]
        return libraries.get("numpy") if isinstance(libraries, Mapping) else None


def numpy_version() -> str:
    """The numpy that would draw here."""
    return importlib.metadata.version("numpy")


def canonical(value: object) -> bytes:
    """The canonical form of a value made of texts, numbers, lists and tables; anything else is refused."""
    try:
        text = json.dumps(_nfc(value), ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
        return text.encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise Refused(_NO_JSON.put(found=quote(str(error)))) from None


def digest(value: object) -> str:
    """SHA-256 of the canonical form, in hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()


def _nfc(value: object) -> object:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, Mapping):
        return {unicodedata.normalize("NFC", str(key)): _nfc(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_nfc(item) for item in value]
    return value


def prove(document: Mapping[str, Any], options: Options, text: str | None = None) -> dict[str, Any]:
    """Compute a document and keep everything: its `result` is what `compute` gives of the document in NFC.

    `text` is the file that the document was read from. Errors: as `files.compute`.
    """
    try:
        given = json.loads(canonical(document))
    except Refused:
        # What JSON cannot hold is refused by its key, where the kind reads it.
        compute(document, options)
        raise
    result = compute(given, options)
    sections: dict[str, Any] = {
        "file": None if text is None else unicodedata.normalize("NFC", text),
        "document": given,
        "options": _options(given, options, result),
        "kernel": KERNEL,
        "libraries": {"numpy": numpy_version() if _drawn(result) else None},
        "model": _model(given),
        "result": result,
    }
    digests = {name: digest(sections[name]) for name in SECTIONS}
    return {"format": FORMAT, **sections, "digests": digests, "sha256": digest(digests)}


def _drawn(result: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The first Monte Carlo part of a result."""
    return next((part["monte_carlo"] for part in result.get("measurands", ()) if part["monte_carlo"]), None)


def _options(document: Mapping[str, Any], options: Options, result: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the result depends on: of trials and seed nothing where none was drawn, and no option at all for kinds
    that need none.
    """
    if document["kind"] != "uncertainty":
        return None
    drawn = _drawn(result) or {}
    return {
        "method": options.method,
        "trials": options.trials if drawn else None,
        "seed": options.seed if drawn else None,
        "language": options.language,
        "generator": drawn.get("generator"),
        "chunk": drawn.get("chunk"),
    }


def _model(document: Mapping[str, Any]) -> dict[str, Any] | None:
    if document["kind"] != "uncertainty":
        return None
    model = uncertainty.read(document).measurement.model
    return {"equations": [model.write("plain", symbol) for symbol in model.outputs], "hash": model.hash}


def write(proof: Mapping[str, Any]) -> bytes:
    """The file: the canonical form with a line for each value."""
    return (json.dumps(_nfc(proof), ensure_ascii=False, allow_nan=False, sort_keys=True, indent=1) + "\n").encode()


def read(content: bytes) -> dict[str, Any]:
    """The proof in a file's bytes; what is no proof is refused with the line or the key."""
    try:
        found = json.loads(content.decode(), object_pairs_hook=_once, parse_constant=no_number)
    except UnicodeDecodeError as error:
        raise Refused(_NOT_PROOF.put(why=f"UTF-8, byte {error.start}")) from None
    except (ValueError, RecursionError) as error:
        raise Refused(_NOT_PROOF.put(why=quote(str(error)))) from None
    checked = shaped(found)
    if set(checked["digests"]) != set(SECTIONS):
        raise Refused(_KEYS.put(wanted=", ".join(SECTIONS)), "digests")
    canonical(checked)
    return checked


def shaped(found: object) -> dict[str, Any]:
    """A proof's parsed JSON, if its keys and its sections are those of one; nothing inside them is looked at."""
    if not isinstance(found, dict) or found.keys() != _WANTED:
        odd = sorted(_WANTED.symmetric_difference(found)) if isinstance(found, dict) else []
        raise Refused(_KEYS.put(wanted=", ".join(sorted(_WANTED))), quote(odd[0]) if odd else "")
    if found["format"] != FORMAT:
        raise Refused(_FORMAT.put(found=quote(found["format"]), wanted=FORMAT), "format")
    for key, kinds in _SHAPES.items():
        if not isinstance(found[key], kinds):
            raise Refused(_SHAPE.put(wanted=" | ".join(kind.__name__ for kind in kinds)), key)
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def no_number(name: str) -> NoReturn:
    """Refuse NaN and infinity in JSON (`parse_constant`)."""
    raise ValueError(name)


def verify(content: bytes, *, threads: int = 1) -> Verdict:
    """Recompute a proof and compare every byte; the first key that differs is named.

    Of an older kernel's proof the result is taken as that kernel gave it; what came later is said beside it.
    A section that was changed after it was proved is found by its digest, and the key in it by what it came from:
    the document from the file's text, model and result from the document.
    """
    proof = read(content)
    later: list[Text] = []
    mismatch = next(_mismatches(proof, content, threads, later), None)
    if mismatch is not None:
        later += versions.changes(proof["kernel"], mismatch.key)
    return Verdict(proof, mismatch, tuple(later))


def _mismatches(proof: Mapping[str, Any], content: bytes, threads: int, later: list[Text]) -> Iterator[Mismatch]:
    """Every key that differs; `later` takes what newer versions than the proof's kernel add to its result."""
    digests = {name: digest(proof[name]) for name in SECTIONS}
    if digest(proof["digests"]) == proof["sha256"]:
        for name in SECTIONS:
            if digests[name] != proof["digests"][name]:
                inside = next(_recomputed(proof, name, threads, []), None)
                yield inside or Mismatch(name, proof["digests"][name], digests[name])
    for name in ("document", "model", "result"):
        yield from _recomputed(proof, name, threads, later)
    for name in SECTIONS:
        yield from _differences(proof["digests"][name], digests[name], f"digests.{name}")
    yield from _differences(proof["sha256"], digest(digests), "sha256")
    wanted = write(proof)
    if content != wanted:
        at = next((i for i, (a, b) in enumerate(zip(content, wanted, strict=False)) if a != b), None)
        at = min(len(content), len(wanted)) if at is None else at
        yield Mismatch(f"byte {at}", repr(content[at : at + 1])[1:], repr(wanted[at : at + 1])[1:])


def _recomputed(proof: Mapping[str, Any], name: str, threads: int, later: list[Text]) -> Iterator[Mismatch]:
    """Where one section differs from what the others give."""
    try:
        if name in ("file", "document") and proof["file"] is not None:
            yield from _differences(proof["document"], _nfc(parse(proof["file"].encode())), "document")
        elif name == "model":
            yield from _differences(proof["model"], _model(proof["document"]), "model")
        elif name == "result":
            yield from _again(proof, threads, later)
    except Refused as refused:
        yield Mismatch(name, shown(proof[name]), "–", refusal=refused)


def _again(proof: Mapping[str, Any], threads: int, later: list[Text]) -> Iterator[Mismatch]:
    """Where the result computed anew differs, or what is said of how it was computed."""
    kernel = proof["kernel"]
    options = replace(_asked(proof["options"], threads), to_validate=not versions.stopped_at_two_digits(kernel))
    result, added = versions.as_of(kernel, compute(proof["document"], options))
    later += added
    yield from _differences(_numbers(proof["result"]), _numbers(result), "result")
    yield from _differences(proof["result"].get("kernel", kernel), kernel, "result.kernel")
    yield from _differences(proof["options"], _options(proof["document"], options, result), "options")
    made = proof["libraries"].get("numpy")
    numpy = made if isinstance(made, str) and _drawn(result) else numpy_version() if _drawn(result) else None
    yield from _differences(proof["libraries"], {"numpy": numpy}, "libraries")


def _asked(options: Mapping[str, Any] | None, threads: int) -> Options:
    """The options of a proof, of the types and within the limits of the command line."""
    if options is None:
        return Options(threads=threads)
    trials, seed = options.get("trials"), options.get("seed")
    for key, allowed, right in (
        ("method", "gum | monte-carlo | both", options.get("method") in ("gum", "monte-carlo", "both")),
        ("language", "vi | en", options.get("language") in ("vi", "en")),
        (
            "trials",
            f"null | 2…{MOST_TRIALS}",
            trials is None or (type(trials) is int and 2 <= trials <= MOST_TRIALS),
        ),
        ("seed", "null | 0…2¹²⁸ − 1", seed is None or (type(seed) is int and 0 <= seed < 2**128)),
    ):
        if not right:
            raise Refused(_SHAPE.put(wanted=allowed), f"options.{key}")
    return Options(options["method"], trials, 1 if seed is None else seed, threads, options["language"])


def _numbers(result: Mapping[str, Any]) -> dict[str, Any]:
    """A result without the kernel's version: a later kernel may well give the same digits."""
    return {key: item for key, item in result.items() if key != "kernel"}


def _differences(stored: object, found: object, place: str) -> Iterator[Mismatch]:
    """Every key at which two values differ; 1 and 1.0 do, and so does a key that only one of them has."""
    if isinstance(stored, Mapping) and isinstance(found, Mapping):
        for key in sorted({*stored, *found}):
            where = f"{place}.{key}"
            if key in stored and key in found:
                yield from _differences(stored[key], found[key], where)
            else:
                yield Mismatch(where, shown(stored.get(key, ...)), shown(found.get(key, ...)))
    elif isinstance(stored, list) and isinstance(found, list) and len(stored) == len(found):
        for i, (one, other) in enumerate(zip(stored, found, strict=True)):
            yield from _differences(one, other, f"{place}[{i}]")
    elif stored is not found and canonical(stored) != canonical(found):
        yield Mismatch(place, shown(stored), shown(found), relative_difference(stored, found))


def relative_difference(stored: object, found: object) -> float | None:
    """Of two numbers, in parts of the larger; None of anything else."""
    if isinstance(stored, bool) or isinstance(found, bool):
        return None
    if not isinstance(stored, (int, float)) or not isinstance(found, (int, float)):
        return None
    size = max(abs(stored), abs(found))
    try:
        return abs(stored - found) / size if size else 0.0
    except OverflowError:
        # A whole number beyond every float.
        return 1.0


def shown(value: object) -> str:
    """A value of a proof, fit for one line."""
    text = "–" if value is ... else canonical(value).decode()
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
