"""Charts and offline pages, drawn from views; no database here."""
