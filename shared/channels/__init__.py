"""Channels: how complaints come in by telephone, mail and programs, and how letters go out the same way.

What both sides share: the ports that a channel stands behind, what a government's ``channels.yaml`` says, secrets, the
journal of what was heard, the persons who were heard, and the conversation by which a message becomes a complaint.
"""
