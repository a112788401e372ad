"""Many episodes at once: the same model through a table of days and a compiled kernel."""
