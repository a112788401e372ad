"""Vitamin D: change between results beyond assay and season, and how it goes with the length of the course."""
