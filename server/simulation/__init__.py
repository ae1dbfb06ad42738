"""Playing a half-year of a district's reception offices through the product's own commands.

A scenario says how many dossiers each office receives and how they end; planning chooses their
days, and each dossier then lives its life at the counter, with agencies and at the return of
results, under a clock that moves. Nothing is written but by the commands of :mod:`server.queueing`
and :mod:`server.dossiers`, so a report counts what happened here as in any hall. See
docs/simulation.md.
"""
