"""The channels' worker: what was heard becomes a conversation, and a conversation a complaint.

A client of the services, as the portal is: it owns nothing of a dossier.
"""
