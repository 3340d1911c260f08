"""Golden results: a proof of every example by each version of the kernel, kept for ever.

`python -m tests.metrology.golden` writes those of this version that are not there yet; it never changes a file. Each
holds its own document, so that an example may change without its old results losing what they came from.
"""

import sys
from pathlib import Path

from chuan.metrology import KERNEL, proof
from chuan.metrology.files import Options
from chuan.metrology.files.reading import content, parse
from chuan.metrology.validation_report import cases

FOLDER = Path(__file__).parent / "golden"
EXAMPLES = Path(__file__).parents[2] / "examples"
#: Fixed, so that a golden result does not hang on how soon a run is stable.
DRAWN = Options(trials=20_000, language="en")


def write() -> list[str]:
    """Prove each example with Monte Carlo, and each published case by the GUM; the names of what was written."""
    folder = FOLDER / KERNEL
    folder.mkdir(parents=True, exist_ok=True)
    proofs = {path.stem: (content(str(path)), DRAWN) for path in EXAMPLES.glob("*.toml")}
    written = []
    for name, (toml, options) in proofs.items():
        path = folder / f"{name}.json"
        if not path.exists():
            path.write_bytes(proof.write(proof.prove(parse(toml), options, toml.decode())))
            written.append(name)
    for name in cases.names():
        path, document = folder / f"case_{name}.json", cases.load(name).get("document")
        if document is not None and not path.exists():
            path.write_bytes(proof.write(proof.prove(document, Options("gum", language="en"))))
            written.append(name)
    return written


if __name__ == "__main__":
    sys.stdout.write("".join(f"{name}\n" for name in write()))
