"""The use-cases, one module per noun: the door for the command line and for library users."""
