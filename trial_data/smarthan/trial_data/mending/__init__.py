"""Mending by hand: the quarantine written out, edited by a person, and read again in the place of the faulty rows.

`set_aside` gathers the quarantined rows as they stood; `quarantine_files` writes them, one CSV file a table;
`handed_back` reads the edited files and refuses what has no place; `passes` runs the rules once, or twice.
"""
