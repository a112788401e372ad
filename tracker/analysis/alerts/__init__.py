"""Everything that asks for a look at a patient: course flags, red flags and disease at a further site, as one list."""
