"""A cohort described: who is in it, counts with their denominators, time to resolution, and what was forecast."""
