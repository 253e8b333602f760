"""Words in somebody's own language that earlier events hold in clear: in the log for ever, and told to nobody else."""

from typing import Final

FORMER_WORDS: Final = {
    ("ComplaintFiled", 1): ("kecamatan", "desa", "category"),
    ("Supplemented", 1): ("kecamatan", "desa", "category"),
    ("Transferred", 1): ("to",),
}
"""``(event type, schema)`` to the fields: any words until the next schema, an entry of a list or nothing since."""
