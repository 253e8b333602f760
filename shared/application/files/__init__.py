"""Files of dossiers: taken in, kept sealed, handed out, swept.

A large body never goes over the broker. Whoever receives one seals it under a key of that moment, leaves it in the
store (a *drop*) and sends its name and key with the call; the service opens, checks and cleans it, and keeps it under
the dossier's own key. Handing out goes the other way: the service authorises and names the file with its own key,
which opens nothing else, and the caller reads the store.
"""
