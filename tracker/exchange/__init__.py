"""File formats in and out: rows with their problems, plain arrays; no database and no course model."""
