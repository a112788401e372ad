"""A tidy table against the record: what is new, what differs, what cannot be, and then one ledger entry.

`recorded` is what the record holds, `merging` lays one row's values on it, `planning` keeps the plan, the modules named
after kinds of rows match them, and `importing` writes.
"""
