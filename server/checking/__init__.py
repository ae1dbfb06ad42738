"""The health of an installation, in words: ``motcua check``.

Each module asks one thing and answers with findings; :mod:`server.checking.everything` lists them.
"""
