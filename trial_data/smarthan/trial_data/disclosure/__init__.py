"""Disclosure control: what may be published of a trial without telling who was in it.

`suppression` hides small cells and as many others as it takes that no hidden cell can be worked out; `rounding` is the
alternative; `anonymity` coarsens records; `publication` is the gate that every published table passes. Underneath,
`lattice` numbers the cells of a table with its margins, `attack` works out what a reader could, `pattern` chooses what
to hide, `defaults` holds the rules with their sources.
"""
