"""Clinical words and cited numbers, as data."""
