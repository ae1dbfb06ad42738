"""How the product compares with doing the bare work, as ratios: ``python -m bench``.

A number of milliseconds says something about one machine; a ratio of two things done in turn in the
same process holds on any. Each module here measures one story and has a function ``ratios``; add
one beside :mod:`bench.slip` and it is in the table. See docs/performance.md.
"""
