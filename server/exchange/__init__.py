"""Exchange with the province's one-stop software: dossiers of other systems in, ours out.

Reading and deciding know no database; a batch is applied in one short transaction.
"""
