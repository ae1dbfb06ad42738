"""The forms of the one-stop circulars: which hold on a day, and what stands on them.

``circulars`` is the table of forms and dates, ``reading`` gathers the facts of a dossier,
``filling`` makes a :class:`~server.dossiers.forms.paper.Sheet` of them: plain data that the page
and the slip draw alike. The words are Vietnamese, as the law has them.
"""
