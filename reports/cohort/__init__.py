"""A cohort on paper and on a page: tables of what may be shown, figures drawn from those tables, files."""
