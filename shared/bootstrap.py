"""The one place that wires the parts together."""

from shared.clock import Clock, SystemClock
from shared.database import shared_database
from shared.randomness import Randomness, SystemRandomness
from shared.runtime import Runtime
from shared.settings import Settings
from shared.tenants import Tenants
from shared.vault.keys import MasterKey
from shared.vault.vault import Vault


def bootstrap(
    settings: Settings, *, clock: Clock | None = None, randomness: Randomness | None = None
) -> Runtime:
    """Build the runtime of a process.

    :param settings: checked configuration, with a database to connect to.
    :param clock: the machine's clock unless given.
    :param randomness: the operating system's generator unless given.
    """
    source = randomness or SystemRandomness()
    database = shared_database(settings.database_url)
    return Runtime(
        settings=settings,
        database=database,
        clock=clock or SystemClock(),
        randomness=source,
        tenants=Tenants(settings.tenants_dir),
        vault=Vault(database, MasterKey.from_text(settings.master_key), source),
    )
