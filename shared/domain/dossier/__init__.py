"""The dossier (berkas): one complaint's whole history, as events, and what can be read from them."""
