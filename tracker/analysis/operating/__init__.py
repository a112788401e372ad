"""How good the readings are: follow-ups the course library cannot draw, and what is found in them."""
