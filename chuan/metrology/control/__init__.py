"""Statistical control: constants of normal samples, and the t and F tests of a check standard."""
