"""What the services share: the dossier, the SOP engine, the calendar, the event store and the messaging."""
