"""Bringing an installation's tables to this version, and what is in them too."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from cli.filling import fillers_for
from cli.projections import projection_of, readable
from shared.application.service_roles import give_rights
from shared.base.services import SERVICES
from shared.platform.database.pool import Database
from shared.platform.migrations import migrate
from shared.store.projection.applied import made_by, note_made_by
from shared.store.projection.errors import RebuildRunning
from shared.store.projection.generation import fits
from shared.store.projection.outdated import brought_up_to_date, outdated_since
from shared.store.projection.rebuild import rebuild


def bring_up_to_date(url: str) -> list[str]:
    """Migrate, and make anew what an older version of a projection made.

    :param url: of a login that owns the database's schemas.
    :returns: what was done, a line each.
    :raises Unavailable: if the database cannot be reached.
    """
    done = migrate(url)
    with closing(Database(url, pool_size=1)) as database:
        with database.autocommit() as cursor:
            if give_rights(cursor):
                done.append("rights of the services' own roles")
        for service in SERVICES:
            projection = projection_of(service, database)
            with database.autocommit() as cursor:
                marks = outdated_since(cursor, service)
                another = not fits(projection.generation, made_by(cursor, service))
            if marks or another:
                with _another_may_do_it():
                    rebuild(database, projection, readable, crew=fillers_for(database, service))
                    done.append(f"{service}: made anew")
                    with database.autocommit() as cursor:
                        brought_up_to_date(cursor, service, marks)
            else:
                with database.autocommit() as cursor:
                    note_made_by(cursor, service, projection.generation)
    return done


@contextmanager
def _another_may_do_it() -> Iterator[None]:
    """Several processes may start at once; one of them is enough."""
    try:
        yield
    except RebuildRunning:
        return
