"""Taking one government from one database to another: with its log, its keys, and all that no log tells.

:mod:`shared.application.moving.tables` says of every table what becomes of it, :mod:`shared.application.moving.moving`
in which order.
"""
