"""Who opened a dossier's personal data: written down before it is shown, told to administrators and to the reporter."""
