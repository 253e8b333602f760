"""Projections: how the log becomes rows that can be asked, and how those rows are made again from nothing.

A service says which tables it keeps (`table.py`) and how one event changes one dossier's rows (`projection.py`). The
rest is common: applying batches (`runner.py`), building the tables anew beside the live ones (`rebuild.py`), and
knowing how far they are (`lag.py`).
"""
