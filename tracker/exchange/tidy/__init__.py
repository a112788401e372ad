"""Tidy tables of the record from csv and xlsx: cells, then typed rows with their problems; nothing is looked up.

`table_file` and `workbook` give the cells as text, `column_map` says what a clinic's own columns mean, `columns`
which columns each kind of table has, `cells` reads one cell, and `reading` puts rows together.
"""
