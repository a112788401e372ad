"""Red flags: what in a record asks for another cause to be excluded, with the facts it rests on."""
