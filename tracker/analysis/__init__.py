"""The course model: arrays and frozen values in, typed results out; no I/O, no clock."""
