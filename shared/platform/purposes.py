"""What keys are for that outlive a change of the master key: by them things are known again.

Ids of persons, addresses of letters, numbers of requests are kept as keyed hashes only. Under another key a person who
has written before would be a stranger, whose wish to be spared is forgotten, and what was filed once would be filed
again. So the keys of these hashes are made of the master key that an installation had first, and go on after a change
(see :mod:`shared.store.vault.masters`). The keys that open dossiers, that sign tokens and that seal calls are not among
them: they are each master key's own. What is under way during the change is: the letter of a code that waits to be
sent, and the word in a letter that was sent already.
"""

from enum import StrEnum


class Lasting(StrEnum):
    """A purpose. Its text is what the key is derived with, and can never be changed."""

    ADDRESSES_OF_LETTERS = "aduan letter addresses 1"
    """To which mailbox a letter went."""
    CITIZENS = "aduan citizens 1"
    """Contacts of citizens' accounts."""
    CITIZENS_LETTERS = "aduan citizens' letters 1"
    """What seals the letter of a code while it waits."""
    IDS_OF_LETTERS = "aduan letter ids 1"
    """Message-IDs that nobody can make up."""
    LIKENESS = "likeness"
    """Words by which complaints are alike."""
    PEOPLE = "people"
    """Names and numbers of reporters, as they are searched for."""
    PERSONS_OF_CHANNELS = "aduan persons of channels 1"
    """Ids under which people write."""
    PHONES_OF_OFFICERS = "aduan officers' telephones 1"
    """To which telephone of an officer's a letter went."""
    PHOTOS = "photos"
    """How photos look."""
    POSTS_OF_OPEN311 = "aduan posts of open311 1"
    """What a program has posted."""
    PUBLIC_FILINGS = "aduan public filings 1"
    """What anybody has filed."""
    REQUESTS = "aduan requests 1"
    """Requests that may be sent again under the same key."""
    WISHES_BY_MAIL = "aduan wishes by mail 1"
    """The word in a letter by which its reader is believed."""
