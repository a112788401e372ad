"""Who should be seen or imaged, when and why: the default follow-up joined with what is open."""
