"""How often a process looks for garbage."""

import gc


def collect_rarely() -> None:
    """What is loaded stays for good; a page makes no cycles worth a search at each thousand objects.

    Call it once everything is imported: it takes what exists now out of every later search.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
