"""Rows, the append-only ledger and the schema, on SQLite and PostgreSQL."""
