"""Units' paragraphs on the page that puts them together: one form, a line for each that was taken in."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chuan.reporting.contributions import LONGEST, SECTIONS, Given, Taken, not_taken, unused
from chuan.reporting.forms.printed import PrintedParagraphField
from chuan.reporting.services.drafting import Choice
from chuan.web.forms import LineField

#: As many lines as one page sends.
MOST = 400


class ParagraphLine(forms.Form):
    """One paragraph that was taken in: in which section, in what words."""

    ref = LineField(max_length=200, widget=forms.HiddenInput)
    section = forms.ChoiceField(label=_("Đặt ở mục"), choices=list(SECTIONS.items()))
    text = PrintedParagraphField(label=_("Lời trong báo cáo"), max_length=LONGEST)


class Arrangement:
    """What the page shows and what it sends back: the lines in their order, and one thing to do with them.

    `do`: "save", "take:<ref>", or "up:", "down:", "drop:" with the number of a line. Whatever is pressed, the words
    of all lines are kept.
    """

    def __init__(self, taken: Sequence[Taken], offered: Sequence[Given], data: Mapping[str, Any] | None = None) -> None:
        self.taken = {one.origin.ref: one for one in taken}
        self.offered = {one.origin.ref: one for one in offered}
        self.bound = data is not None
        self.do, _colon, self.what = str((data or {}).get("do", "save")).partition(":")
        posted = str((data or {}).get("lines", "0"))
        count = min(int(posted), MOST) if posted.isascii() and posted.isdigit() else 0
        held = [{"ref": one.origin.ref, "section": one.section, "text": one.text} for one in taken]
        self.lines = (
            [ParagraphLine(data, prefix=f"l{n}") for n in range(count)]
            if self.bound
            else [ParagraphLine(initial=one, prefix=f"l{n}") for n, one in enumerate(held)]
        )

    def is_valid(self) -> bool:
        """Every line that stays can be kept; the words of one that is dropped do not matter."""
        staying = [line for n, line in enumerate(self.lines) if not (self.do == "drop" and self.what == str(n))]
        judged = [line.is_valid() for line in staying]  # every one, so that each shows its own errors
        return all(judged)

    def chosen(self) -> list[Choice]:
        """The lines as they are wanted after what was pressed."""
        places = list(range(len(self.lines)))
        if self.do == "drop" and self.what.isdigit():
            places = [n for n in places if str(n) != self.what]
        made = [Choice(**self.lines[n].cleaned_data) for n in places]
        if self.do == "take":
            one = self.offered.get(self.what)
            made.append(Choice(self.what, one.section if one else "", one.text if one else ""))
        return _moved(made, self.do, self.what)

    def sections(self) -> Iterator[dict[str, Any]]:
        """Each section of the outline: its lines, what is not used, and what the paper prints elsewhere anyway."""
        shown = list(self._lines())
        rest = not_taken(list(self.offered.values()), [line["origin"] for line in shown if line["origin"]])
        left = {one.origin.ref for one in unused(rest, ())}
        for code, title in SECTIONS.items():
            own = [one for one in rest if one.section == code]
            yield {
                "code": code,
                "title": title,
                "lines": [line for line in shown if line["section"] == code],
                "unused": [one for one in own if one.origin.ref in left],
                "elsewhere": [one for one in own if one.origin.ref not in left],
            }

    def _lines(self) -> Iterator[dict[str, Any]]:
        for number, form in enumerate(self.lines):
            ref, section = str(form["ref"].value() or ""), str(form["section"].value() or "")
            origin = self.taken.get(ref) or self.offered.get(ref)
            yield {
                "number": number,
                "form": form,
                "section": section if section in SECTIONS else next(iter(SECTIONS)),
                "origin": origin,
                "given": self.offered.get(ref),
                "saved": self.taken[ref].text if ref in self.taken and self.bound else "",
            }


def _moved(chosen: list[Choice], do: str, what: str) -> list[Choice]:
    """One line up or down among those of its section."""
    if do not in {"up", "down"} or not what.isdigit() or int(what) >= len(chosen):
        return chosen
    here = int(what)
    own = [n for n, one in enumerate(chosen) if one.section == chosen[here].section]
    there = own.index(here) + (1 if do == "down" else -1)
    if 0 <= there < len(own):
        chosen[here], chosen[own[there]] = chosen[own[there]], chosen[here]
    return chosen


class SentenceForm(forms.Form):
    """Words that follow a generated sentence."""

    more = PrintedParagraphField(
        label=_("Lời thêm sau câu này"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("In ngay sau câu; số trong câu lấy từ sổ nên không sửa ở đây."),
    )
