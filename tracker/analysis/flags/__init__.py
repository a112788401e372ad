"""Flags: what is atypical about a course, since when, why, and what would clear it."""
