"""Stored results computed anew by the hundred thousand: every budget line, held against what was stored.

A stored result is a proof (`chuan compute --proof`). What is alike in form is computed in columns: each leaf of the
documents a column, each rule of the reader asked of whole columns, the model compiled once. That finds the results
whose numbers all come out again within 10⁻¹². Any other is read and computed by itself with every check, and only
what differs then is a difference. So the columns can hide nothing but what is within that tolerance, and raise no
false alarm.

Held against: estimate, u, ν_eff, ν used, k, p, U, interval, and of each budget line value, u, ν, sensitivity,
contribution and share. Not: second order, rounding, Monte Carlo, and the digests, which `chuan metrology check` holds
one by one; a digest costs more time than a budget, and no rule of the reader is left out for which one would vouch.
"""

from chuan.metrology.recomputing.stored import Outcome, Recomputed, recompute

__all__ = ["Outcome", "Recomputed", "recompute"]
