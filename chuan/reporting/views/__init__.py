"""Pages of figures, submissions and reports, one file a theme."""
