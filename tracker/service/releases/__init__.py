"""Exports: who is in one, what its rows say, and the entry of the ledger that says it left."""
