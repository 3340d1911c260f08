"""Limits of the registers and the verdicts on a row that comes in: plain values."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

#: Rows of one page, and of one sheet that goes out.
PAGE = 50
MAX_SHEET = 20_000
#: Rows of one file that comes in, and how many of them the page shows.
MAX_ROWS = 2_000
SHOWN_ROWS = 200
#: For how many days the keeper's first page tells of a claim.
CLAIM_DAYS = 30
#: How many rows of a sheet are read in search of the headings.
HEADING_ROWS = 30


class Verdict(TextChoices):
    """What a row of a file would do."""

    ADDED = "added", pgettext_lazy("row", "thêm mới")
    CHANGED = "changed", pgettext_lazy("row", "sửa đổi")
    CLAIMED = "claimed", pgettext_lazy("row", "ghi nhận cùng")
    SAME = "same", pgettext_lazy("row", "không đổi")
    WRONG = "wrong", pgettext_lazy("row", "sai")


class Apart(TextChoices):
    """What a row of a table is that holds no record."""

    NUMBERING = "numbering", _("dòng đánh số cột")
    TOTAL = "total", _("dòng cộng")


#: Words that a closing row of totals begins with, and nothing besides.
TOTALS = frozenset({"tổng cộng", "tổng số", "cộng"})


class Known(TextChoices):
    """A fact that may be unknown: what nobody said is neither yes nor no."""

    YES = "yes", _("Có")
    NO = "no", _("Không")
    UNKNOWN = "unknown", _("Chưa rõ")
