"""Files of a release: which tables and columns there are, and how they are written.

`tables` says what a release holds, `writers` and `workbook` write csv, parquet, json and xlsx, `describing` the files
about the files, `folder` makes all of it appear at once or not at all.
"""
