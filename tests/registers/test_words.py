"""What is done to a register reads as a sentence in both languages."""

import pytest
from django.utils.translation import override, pgettext

from tests.registers.samples import SAMPLES

VERBS = ("add", "correct", "void", "import")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_action_has_words(language: str) -> None:
    actions = [s.register.action(verb) for s in SAMPLES for verb in VERBS]
    actions += [s.register.action(verb) for s in SAMPLES if s.register.files for verb in ("attach", "detach")]
    actions += [s.register.action(verb) for s in SAMPLES if s.register.claimable for verb in ("claim", "unclaim")]
    with override(language):
        assert [a for a in actions if pgettext("action", a) == a] == []
