"""English pages keep the day first, as the papers they stand beside."""

from chuan.web.formats.vi.formats import *  # noqa: F403

DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
