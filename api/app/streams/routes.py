"""`/ws/events`: who may open a socket is decided before it is one."""

from contextlib import suppress

from starlette.requests import HTTPConnection
from starlette.routing import WebSocketRoute
from starlette.types import Receive, Scope, Send

from app.core.caller import Caller, calling, require
from app.core.error_handlers import is_away
from app.core.errors import Problem, Unavailable
from app.streams.connection import Close
from app.streams.hub import Hub
from app.streams.socket import Socket
from app.streams.wire import MESSAGES


class EventSocket:
    """Plain ASGI: a refusal before the upgrade is a problem like any other's."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        connection = HTTPConnection(scope)
        hub: Hub = connection.app.state.hub
        await receive()  # websocket.connect
        try:
            caller = await _admit(connection, hub)
        except Exception as error:
            if not isinstance(error, Problem) and not is_away(error):
                raise
            problem = error if isinstance(error, Problem) else Unavailable()
            answer = _refuse(problem, scope, receive, send)
        else:
            answer = _serve(connection, hub, caller, receive, send)
        with suppress(OSError):  # the client is gone
            await answer


async def _admit(connection: HTTPConnection, hub: Hub) -> Caller:
    caller = require(await calling(connection), "tasks:read")  # who comes with a cookie must come from the site
    if hub.is_draining:
        raise Unavailable
    return caller


async def _serve(connection: HTTPConnection, hub: Hub, caller: Caller, receive: Receive, send: Send) -> None:
    if hub.connections.is_full(MESSAGES, caller.user_id):
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.close", "code": int(Close.TOO_MANY)})
        return
    state = connection.app.state
    with hub.connections.open(MESSAGES, caller) as client:
        await send({"type": "websocket.accept"})
        await Socket(client, caller, state.topics, state.settings.streams).run(receive, send)


async def _refuse(problem: Problem, scope: Scope, receive: Receive, send: Send) -> None:
    if "websocket.http.response" in scope.get("extensions", {}):
        await problem.response(scope)(scope, receive, send)
    else:  # all that is left to say is 403
        await send({"type": "websocket.close"})


route = WebSocketRoute("/ws/events", EventSocket(), name="events")
