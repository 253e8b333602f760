"""Sealing: personal data are readable only with the dossier's own key, and a key that is destroyed is gone for ever."""
