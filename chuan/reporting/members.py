"""Frozen member lists: sorted identities, difference-coded, compressed, hashed."""

import base64
import hashlib
import zlib
from collections.abc import Iterable
from itertools import accumulate


def sha256(ids: Iterable[int]) -> str:
    """Hash of the identities in ascending order, one a line."""
    return hashlib.sha256("\n".join(str(i) for i in sorted(ids)).encode()).hexdigest()


def pack(ids: Iterable[int]) -> str:
    """The identities as text; 10^6 dense ones take some hundred kilobytes."""
    ordered = sorted(ids)
    steps = [b - a for a, b in zip([0, *ordered], ordered, strict=False)]
    return base64.b64encode(zlib.compress(",".join(map(str, steps)).encode(), 9)).decode()


def unpack(text: str) -> list[int]:
    """The identities that `pack` was given, ascending."""
    steps = zlib.decompress(base64.b64decode(text)).decode()
    return list(accumulate(int(step) for step in steps.split(","))) if steps else []
