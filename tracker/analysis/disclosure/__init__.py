"""Hiding small counts jointly over everything that is released together: no sum or difference gives one back.

`tables.CountTable` is what goes in, `suppression.protect` hides, `release.Release` is what may leave.
"""
