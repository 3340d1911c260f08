"""What a report was made for, as its papers say it: the plan's year, or a document that asked for one besides.

A snapshot frozen before ad hoc reports could be made has no kind: it is a year's.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from chuan.lib.dates import day_of
from chuan.reporting.collecting import PeriodKind
from chuan.reporting.papers.words import day

Snapshot = Mapping[str, Any]
#: What a draft prints where the document that asked for the report is not recorded.
NO_REQUEST: Final = "[CHƯA GHI VĂN BẢN YÊU CẦU BÁO CÁO]"
#: What stands where a year's report has a verdict.
NOT_JUDGED: Final = "Không đánh giá trong báo cáo đột xuất"
_AD_HOC: Final = "đột xuất"
_REPORT: Final = re.compile(r"^báo cáo\s+", re.IGNORECASE)
_ABOUT: Final = re.compile(r"^(?:v/v|về việc)\s*:?\s*", re.IGNORECASE)


def is_ad_hoc(snapshot: Snapshot) -> bool:
    """It was asked for besides the year's: its window is none that targets are judged over."""
    return bool(snapshot["period"].get("kind") == PeriodKind.AD_HOC)


def subject(snapshot: Snapshot) -> str:
    """The line below "BÁO CÁO"."""
    if not is_ad_hoc(snapshot):
        return f"Kết quả {about(snapshot)}"
    words = _asked_for(snapshot)
    return f"{words[0].upper()}{words[1:]} ({_window(snapshot)})"


def about(snapshot: Snapshot) -> str:
    """What a year's report tells: "thực hiện Kế hoạch số … năm …"."""
    return f"thực hiện Kế hoạch số {snapshot['plan']['number']} năm {snapshot['period']['year']}"


def named(snapshot: Snapshot) -> str:
    """The report as the tờ trình names it: "kết quả thực hiện …", "đột xuất về …"."""
    return _asked_for(snapshot) if is_ad_hoc(snapshot) else f"kết quả {about(snapshot)}"


def opening(snapshot: Snapshot, office: str) -> str:
    """The first sentence, without its end: by what the office reports, what, over which days.

    An office does not say of its own plan whose it is.
    """
    plan = snapshot["plan"]
    issued = f"Kế hoạch số {plan['number']} ngày {day(plan['signed'])}"
    issued += f" của {plan['issuer']}" if not office.startswith(plan["issuer"]) else ""
    if not is_ad_hoc(snapshot):
        year = snapshot["period"]["year"]
        return f"Thực hiện {issued}, {office} báo cáo kết quả thực hiện năm {year} ({_window(snapshot)})"
    return f"Thực hiện {request(snapshot)}, {office} báo cáo đột xuất kết quả thực hiện {issued} ({_window(snapshot)})"


def request(snapshot: Snapshot) -> str:
    """The document that asked for an ad hoc report, as the report cites it."""
    asked = snapshot["period"].get("request")
    return cited(asked) if asked else NO_REQUEST


def cited(asked: Mapping[str, str]) -> str:
    """ "Công văn số 88/BKHCN ngày 20/11/2026 của Bộ Khoa học và Công nghệ về việc …"."""
    named = f"{asked['kind']} số {asked['number']} ngày {day(asked['dated'])}"
    return f"{named} của {asked['issuer']} về việc {about_what(asked['summary'])}"


def about_what(subject: str) -> str:
    """A document's subject as it goes on after "về việc"."""
    return _ABOUT.sub("", subject).rstrip(".; ")


def year(snapshot: Snapshot) -> int:
    """The year of a paper whose day is still blank: an ad hoc report may tell of a year that is over."""
    if not is_ad_hoc(snapshot):
        return int(snapshot["period"]["year"])
    return day_of(datetime.fromisoformat(snapshot["frozen_at"])).year


def _asked_for(snapshot: Snapshot) -> str:
    """ "đột xuất về xăng dầu": the name that the period was opened with, which says that it is ad hoc, once."""
    title = _REPORT.sub("", snapshot["period"]["title"]).strip()
    words = title if title.lower().startswith(_AD_HOC) else f"{_AD_HOC}: {title}"
    return f"{_AD_HOC}{words[len(_AD_HOC) :]}"


def _window(snapshot: Snapshot) -> str:
    period = snapshot["period"]
    return f"số liệu từ ngày {day(period['first'])} đến ngày {day(period['last'])}"
