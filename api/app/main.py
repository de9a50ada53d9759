"""Puts the application together: features, errors, middleware and what lives as long as the process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.requests import HTTPConnection

from app import contract
from app.accounts.authentication import Authentication
from app.accounts.profile_routes import router as profile
from app.accounts.routes import router as accounts
from app.accounts.sessions_routes import router as sessions
from app.admin.routes import router as admin
from app.api_keys.authentication import ApiKeys, has_bearer
from app.api_keys.routes import router as api_keys
from app.api_keys.service import revoke_all
from app.core import dispatch, docs, error_handlers
from app.core.caller import Authenticate, Caller
from app.core.db import Database
from app.core.edge import BodyLimit, Edge
from app.core.limits import AT_ONCE, Limiter
from app.core.logging import configure_logging
from app.core.valkey import connect
from app.credentials.routes import router as credentials
from app.design.routes import router as design
from app.design.service import designing
from app.health.checks import Readiness
from app.health.routes import router as health
from app.identities.providers import identities_of
from app.identities.routes import router as identities
from app.identities.service import unlink_all
from app.mail.routes import router as kept_mails
from app.personal import personal_data
from app.plug.routes import router as plug
from app.project import NAME
from app.reports.routes import router as reports
from app.settings import Settings, get_settings
from app.streams.bell import Bell
from app.streams.feeds import Feeds
from app.streams.log import EventLog
from app.streams.routes import route as socket
from app.streams.serving import serving
from app.tasks.feed import FeedRows
from app.tasks.routes import router as tasks
from app.tasks.watch import TaskSource
from app.topics import EVENTS, topics

_COMMAND_WITHIN = 2.0
_COUNT_WITHIN = 1.0


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application as the server runs it."""
    settings = settings or get_settings()
    configure_logging(settings.logging)
    app = build()
    app.state.settings = settings
    app.state.authentication = Authentication(settings)
    app.state.api_keys = ApiKeys(settings, app.state.authentication.revocations)
    app.state.identities = identities_of(settings)
    app.state.end_access = (partial(revoke_all, api_keys=app.state.api_keys),)
    app.state.disown = (*app.state.end_access, unlink_all)
    app.state.authenticate = _authenticate
    app.router.lifespan_context = _lifespan
    if settings.app.serves_docs:
        docs.install(app, document(app))
    if settings.app.is_development and settings.app.control_socket:
        app.include_router(plug, prefix="/api/v1", include_in_schema=False)
    if settings.keeps_mail:
        app.include_router(kept_mails, prefix="/api/v1", include_in_schema=False)
    dispatch.install(app)
    app.add_middleware(BodyLimit)
    app.add_middleware(Edge)  # the last one added is the outermost
    return app


def build() -> FastAPI:
    """The routes and what can go wrong with them, without settings: all that the contract is made of."""
    app = FastAPI(
        title=NAME,
        version="1",
        openapi_url=None,
        redirect_slashes=False,
        # nobody listens to it, and to find that out it asks three registries at each request
        telemetry={"tracing": False, "metrics": False, "logs": False},
        generate_unique_id_function=operation_id,
    )
    v1 = APIRouter(prefix="/api/v1")
    v1.include_router(accounts)
    v1.include_router(sessions)
    v1.include_router(credentials)
    v1.include_router(profile)
    v1.include_router(api_keys)
    v1.include_router(admin)
    v1.include_router(identities)
    v1.include_router(tasks)
    v1.include_router(reports)
    app.include_router(v1)
    app.include_router(design, prefix="/api")
    app.include_router(health, prefix="/api")
    app.router.routes.append(socket)
    error_handlers.install(app)
    return app


def document(app: FastAPI) -> dict[str, Any]:
    """The contract of the app's routes and events."""
    return contract.document(app, EVENTS)


async def _authenticate(connection: HTTPConnection) -> Caller:
    """A key decides where one is sent, whatever cookie comes with it."""
    state = connection.app.state
    by: Authenticate = state.api_keys.authenticate if has_bearer(connection) else state.authentication.authenticate
    return await by(connection)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    settings: Settings = app.state.settings
    authentication: Authentication = app.state.authentication
    async with (
        Database(settings.database) as db,
        connect(settings.valkey.url, timeout=_COMMAND_WITHIN, connections=1) as valkey,
        connect(settings.valkey.url, timeout=_COUNT_WITHIN, connections=AT_ONCE + 2) as counts,
        serving(
            settings.valkey.url,
            TaskSource(db),
            settings.streams,
            feeds=(feeds := Feeds(FeedRows(db))),
            has_ended=authentication.revocations.has_ended,
        ) as hub,
        authentication.running(db),
        designing(settings, hub.connections) as app.state.designer,
        app.state.api_keys.uses.written(db),
    ):
        authentication.revocations.listen(hub.connections.sign_out)
        app.state.db = db
        app.state.valkey = valkey
        app.state.limiter = Limiter(counts, settings.limits, settings.auth.secret_key.get_secret_value())
        app.state.hub = hub
        app.state.topics = topics(db, hub, feeds)
        app.state.event_log = EventLog(valkey, settings.streams.log_ttl)
        app.state.bell = Bell(valkey)
        app.state.readiness = Readiness(db, valkey)
        app.state.personal = personal_data(app.state)
        yield


def operation_id(route: APIRoute) -> str:
    """`create_task` becomes `createTask`: the name of the function, as a client of any language expects it."""
    first, *rest = route.name.split("_")
    return first + "".join(word.capitalize() for word in rest)
