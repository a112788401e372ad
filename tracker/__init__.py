"""A disease-course tracker for bone marrow edema syndrome of the foot and ankle.

The map, top to bottom; a package imports only what stands below it:

``tracker.cli``
    words on a terminal: parse, call one service function, print
``tracker.service``
    the use-cases, and the door for library users
``tracker.database``
    rows, append-only ledger, schema
``tracker.exchange``
    file formats in and out, no database
``tracker.analysis``
    the course model: arrays in, typed results out; no I/O, no clock
``tracker.clinical``, ``tracker.dates``
    clinical words, cited numbers, record types, partial dates
``tracker.errors``
    what can go wrong, in words

The charts and pages live beside this package, in ``reports``.
"""

__version__ = "0.1.0"
