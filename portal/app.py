"""The Flask application, wired."""

from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.common import resolve_schema_cls
from flask import Flask, request

from portal import hooks, lifecycle, open311, operations, problems
from portal.addresses import slashes_kept
from portal.api import (
    PREFIX,
    access_table,
    citizens,
    clock,
    complaints,
    files,
    officers,
    published,
    readings,
    registers,
    sessions,
    sops,
)
from portal.correlation import correlated
from portal.describing import DescribedApi
from portal.documented import BEARER
from portal.elsewhere import AWAY
from portal.freshness import Freshness, Wait, waiting_in
from portal.gateway import Gateway
from portal.given_tickets import given_tickets
from portal.in_threads import InThreads
from portal.oidc import installed as oidc
from portal.pages import install as install_pages
from portal.pages.frame import own_writes
from portal.parts import EXTENSION, MovableClock, Parts
from portal.refusals import Refusals
from portal.telephones import PlayedTelephones
from shared.application.identity import passwords
from shared.application.identity.users import Users
from shared.application.runtime import Runtime
from shared.base.errors import Unavailable
from shared.channels.installed import channels_of
from shared.domain.all_tenants import Tenants
from shared.platform.health import Checks
from shared.platform.web.protocol import BUSY

MOST_BYTES: Final = 1024 * 1024
"""The largest body that is read."""

_HASHING: Final = InThreads(2)
"""Of passwords: each takes a tenth of a second, 32 MiB and a core, and many may come together."""

_DESCRIPTION: Final = (
    "Citizens' complaints to local governments. Errors are RFC 9457 problem details, in Indonesian or in English by "
    "`Accept-Language`; times are ISO 8601 with the government's own offset; lists are paged by `next` and `after`."
)


def create_app(
    gateway: Gateway,
    runtime: Runtime,
    *,
    simulation: MovableClock | None = None,
    telephones: PlayedTelephones | None = None,
    checks: Checks | None = None,
    wait: Wait | None = None,
) -> Flask:
    """The application.

    :param gateway: the services.
    :param runtime: tenants, accounts, and the database on which freshness is judged.
    :param simulation: where the clock is simulated.
    :param telephones: that a demo has.
    :param checks: the process's, for ``/healthz`` and ``/readyz``.
    :param wait: waits for projections; on the runtime's database unless given.
    """
    app = Flask("portal", static_folder=None)
    app.request_class = files.UploadRequest
    app.url_map.merge_slashes = False  # an address with an empty part is none of ours, and leads nowhere else
    app.config.update(
        MAX_CONTENT_LENGTH=MOST_BYTES,
        API_TITLE="Aduan",
        API_VERSION=_version(),
        OPENAPI_VERSION="3.0.3",
        OPENAPI_URL_PREFIX=PREFIX,
        OPENAPI_JSON_PATH="openapi.json",
    )
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.extensions[EXTENSION] = Parts(
        gateway=gateway,
        dossier_of=given_tickets(gateway),
        runtime=runtime,
        users=Users(runtime.database, runtime.randomness, verify=_verify, make=_make),
        token_key=runtime.settings.token_key,
        freshness=Freshness(
            wait or waiting_in(runtime.database), note=own_writes.note, copied=runtime.replica is not None
        ),
        checks=checks or Checks(),
        simulation=simulation,
        every=_every(runtime),
        telephones=telephones,
    )
    lifecycle.register(app)
    _register_api(app)
    app.register_blueprint(operations.blueprint)
    install_pages(app)
    oidc.install(app, runtime)
    app.extensions[hooks.EXTENSION] = channels_of(runtime)
    app.extensions[hooks.REFUSALS] = Refusals()
    app.register_blueprint(hooks.blueprint)
    app.register_blueprint(open311.blueprint)
    access_table.check(app)
    problems.register(app)  # after the API, which would answer errors in its own way
    app.before_request(_refuse_if_busy)
    app.before_request(_refuse_if_away)
    app.wsgi_app = correlated(slashes_kept(app.wsgi_app), runtime.randomness)  # type: ignore[method-assign, assignment]
    return app


def _every(runtime: Runtime) -> Tenants:
    """All governments: those of other databases as their files say, one's own as they stand."""
    if not runtime.settings.databases:
        return runtime.tenants
    return Tenants(runtime.settings.tenants_dir, procedures=runtime.tenants.procedures)


def _refuse_if_busy() -> None:
    """One client does not get all the workers; see :mod:`shared.platform.web.connections`.

    :raises Unavailable: if it has too many requests under way.
    """
    if request.environ.get(BUSY):
        raise Unavailable("too_many_at_once")


def _refuse_if_away() -> None:
    """Nothing can be done before the database has been reached once; that an address is nothing can be said.

    :raises Unavailable: if it has not.
    """
    if request.environ.get(AWAY) and request.routing_exception is None:
        raise Unavailable("database_unavailable")


def _register_api(app: Flask) -> None:
    plugin = MarshmallowPlugin(schema_name_resolver=_public_name)
    api = DescribedApi(app, spec_kwargs={"info": {"description": _DESCRIPTION}, "marshmallow_plugin": plugin})
    api.DEFAULT_ERROR_RESPONSE_NAME = None  # every route names its own errors
    api.spec.components.security_scheme(
        BEARER,
        {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "From `POST /login`"},
    )
    for each in (complaints, officers, registers, readings, sops, sessions, clock):
        api.register_blueprint(each.blueprint)
    for own in (files.officers, files.reporters, published.blueprint, published.officers):
        api.register_blueprint(own)
    for own in (citizens.entering, citizens.own, citizens.desk):
        api.register_blueprint(own)


def _public_name(schema: Any) -> str:
    """What a schema is called in the document: our classes' names without their kind."""
    name = str(getattr(resolve_schema_cls(schema), "__name__", ""))
    return name.removesuffix("Schema").removesuffix("Shape").lstrip("_")


def _verify(kept: str | None, password: str) -> bool:
    return _HASHING.do(passwords.matches, kept, password)


def _make(password: str) -> str:
    return _HASHING.do(passwords.made, password)


def _version() -> str:
    try:
        return version("aduan")
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "0"
