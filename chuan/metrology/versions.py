"""What versions of the kernel changed: an older one's results come out as it gave them, or the change is named."""

import re
from collections.abc import Mapping
from typing import Any

from chuan.metrology.words import Text

#: The notes that a version was the first to give.
_NEW_NOTES: Mapping[str, tuple[str, ...]] = {
    "1.1.0": ("no-scatter", "dominant-rectangular", "dominant-double-rectangular"),
    "1.2.0": ("resolution-beside-repeatability", "no-second-order"),
}

#: The keys of a result that a version was the first to give; null where a document of an older kernel is computed.
_NEW_KEYS: Mapping[str, tuple[str, ...]] = {
    "1.2.0": ("weighted_mean",),
}

#: What cannot be undone in a newer kernel: the version, the places of a proof where it shows, and what it changed.
_CHANGES: tuple[tuple[str, re.Pattern[str], Text], ...] = (
    (
        "1.1.0",
        re.compile(r"result\.measurands\[\d+\]\.reported\.expanded_uncertainty"),
        Text(
            "làm tròn U lên kể từ 12 chữ số có nghĩa, để sai số của số thực dấu phẩy động không bị làm tròn lên",
            "rounds U up from twelve significant digits, so that the noise of a float is not rounded up",
        ),
    ),
    (
        "1.1.0",
        re.compile(r"result\.measurands\[\d+\]\.validation\..*"),
        Text(
            "không kết luận về khoảng của GUM từ một lần chạy chưa ổn định hoặc khi δ không nhỏ so với khoảng",
            "draws no conclusion on the GUM's interval from a run that is not stable, or with a δ not small beside it",
        ),
    ),
    (
        "1.1.0",
        re.compile(r"document|model|result"),
        Text(
            "từ chối số đọc °C bên cạnh kelvin trong một tích và, khi mô phỏng, mẫu số đổi dấu",
            "refuses a reading in °C beside kelvins in a product and, when it draws, a divisor that crosses zero",
        ),
    ),
    (
        "1.2.0",
        re.compile(r"document|model|result"),
        Text(
            "đọc pH là một thang đo riêng, không phải picohenry, và từ chối dấu chấm giữa hai chữ số của đơn vị",
            "reads pH as a scale of its own, no picohenry, and refuses a point between two digits of a unit",
        ),
    ),
    (
        "1.2.0",
        re.compile(r"result\.measurands\[\d+\]\.gum\.second_order.*|result\.notes"),
        Text(
            "tính số hạng bậc hai của từng đại lượng đo riêng: đại lượng này không có thì đại lượng khác vẫn có",
            "computes the second-order terms of each measurand by itself: where one has none, others still do",
        ),
    ),
    (
        "1.2.0",
        re.compile(r"result\.(\w+_(risk|probability)|guard_band|acceptance_(lower|upper))"),
        Text(
            "tính xác suất, rủi ro từ khoảng cách đến giới hạn, nên giá trị lớn không làm mất chữ số",
            "reckons probabilities and risks from distances to the limits, so that a large value loses no digit",
        ),
    ),
    (
        "1.2.0",
        re.compile(r"result\.(rejection_confidence|calculated_days)"),
        Text(
            "lấy Q của phương pháp A3 cả khi nhỏ hơn 0, như công thức",
            "takes Q of method A3 below 0 too, as its formula says",
        ),
    ),
    (
        "1.2.0",
        re.compile(r"result"),
        Text(
            "từ chối tùy chọn không có tác dụng: destructive của R 87, limits, rules không thuộc loại biểu đồ",
            "refuses settings that would do nothing: destructive of R 87, limits and rules of another chart",
        ),
    ),
    (
        "1.2.0",
        re.compile(r"result|result\.(consensus|reference|results|homogeneity|stability)\b.*"),
        Text(
            "coi s* nhỏ hơn nhiều so với chữ số cuối của kết quả là 0, và từ chối σ_pt bằng 0",
            "takes an s* far below the last place of the results as 0, and refuses a σ_pt of 0",
        ),
    ),
    (
        "1.2.0",
        re.compile(r"result\.(measurands\[\d+\]\.(monte_carlo|validation)|correlation\.monte_carlo).*"),
        Text(
            "rút số một lần cho mọi đại lượng đo, dừng khi từng khoảng theo xác suất của riêng nó đã ổn định",
            "draws once for all measurands, until each interval at the measurand's own probability is stable",
        ),
    ),
)

_ADDED = Text('kernel {version} thêm ghi chú "{note}"', 'kernel {version} adds the note "{note}"')
_CHANGED = Text("kernel {version} {what}", "kernel {version} {what}")


def before(kernel: str, version: str) -> bool:
    """Whether a kernel is older than a version; what is no version is not."""
    found, wanted = (re.fullmatch(r"(\d+)\.(\d+)\.(\d+)", text) for text in (kernel, version))
    return bool(found and wanted) and _numbers(found) < _numbers(wanted)


def _numbers(found: re.Match[str] | None) -> tuple[int, ...]:
    return tuple(map(int, found.groups())) if found else ()


def stopped_at_two_digits(kernel: str) -> bool:
    """Whether a kernel's adaptive runs did not go on to decide a validation."""
    return before(kernel, "1.1.0")


def as_of(kernel: str, result: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[Text, ...]]:
    """A result with only what the kernel that is named gave of it, and what later versions add, named by version."""
    notes, later = list(result.get("notes", ())), []
    for version, added in _NEW_NOTES.items():
        for note in [note for note in notes if before(kernel, version) and note.partition(":")[0] in added]:
            notes.remove(note)
            later.append(_ADDED.put(version=version, note=note))
    kept = {key: item for key, item in result.items() if item is not None or not _is_newer(kernel, key)}
    return ({**kept, "notes": notes} if later else kept), tuple(later)


def _is_newer(kernel: str, key: str) -> bool:
    return any(before(kernel, version) and key in keys for version, keys in _NEW_KEYS.items())


def changes(kernel: str, key: str) -> tuple[Text, ...]:
    """What versions after a kernel changed at a key of a proof, each in words."""
    found = [(version, what) for version, places, what in _CHANGES if before(kernel, version) and places.fullmatch(key)]
    return tuple(_CHANGED.put(version=version, what=what) for version, what in found)
