"""Disease at more than one site: what followed what, how far away, and how sure that is."""
