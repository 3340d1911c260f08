"""Drawings: what they say in words, what they escape, that they stay in their frame."""

import re

from chuan.reporting import charts


def test_a_chart_says_in_words_what_it_draws_and_escapes_them() -> None:
    strip = charts.year_strip([(2025, 15, False), (2026, 1234, True)])
    assert "<desc>2025: 15; 2026: 1.234 (kỳ chưa khép)</desc>" in strip
    assert 'role="img"' in strip
    assert "style=" not in strip
    bars = [charts.Bar("Đến năm 2025 <A>", 45, 50, "Chưa đạt")]
    drawn = charts.bullet(bars, "người")
    assert "Đến năm 2025 &lt;A&gt;: 45 trên 50 người, chưa đạt" in drawn
    assert "<A>" not in drawn
    assert charts.year_strip([]) == charts.bullet([], "người") == ""
    assert "NaN" not in charts.year_strip([(2026, 0, True)])


def test_a_chart_stays_inside_its_frame() -> None:
    for rows in ([(2020 + i, i * 7, False) for i in range(11)], [(2026, 10**6, True)]):
        drawn = charts.year_strip(rows)
        for x, width in re.findall(r'<rect[^>]* x="([\d.-]+)"[^>]* width="([\d.]+)"', drawn):
            assert float(x) >= 0
            assert float(x) + float(width) <= charts.WIDTH
