"""The rules of a trial, each a small function over the working rows of all its tables.

Within one cell the declarations already rule (smarthan.tables.converting). The modules here add what needs more than
one cell: `cells` (columns of one row), `radio` and `geometry` (a row and what it refers to), `keys` (duplicates and
references), `fieldwork` (surveyors, strata, weights), `privacy` (free text). `codes` lists the room's own rule codes.
"""
