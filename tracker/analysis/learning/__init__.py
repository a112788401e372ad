"""How a clinic's own patients run: the numbers of an edition learned anew from a cohort, by reweighting the library."""
