"""A step of the image's build: `python trim.py`, by the environment's own Python.

Takes from the environment what nothing reads at run time, and compiles what the services import: a half of the
packages is never imported, and bytecode is the largest thing in an image.
"""

import importlib
import py_compile
import shutil
import sys
import sysconfig
from contextlib import suppress
from pathlib import Path

PACKAGES = Path(sysconfig.get_path("purelib"))
TESTS = {"tests", "testing"}
SOURCES = {".c", ".cc", ".cpp", ".h", ".pxd", ".pxi", ".pyi", ".pyx"}
# For Celery's interactive shell, which only its command line imports.
SHELL = {"click_repl", "prompt_toolkit", "wcwidth"}
# Of these only what is imported below: the rest is for servers, other databases, other brokers and other endpoints.
IN_PART = ("authlib", "kombu/transport", "openai/resources", "sqlalchemy/dialects")
# Whole packages, with what they load when they are first used.
IMPORTED = """
alembic.autogenerate alembic.command alembic.config alembic.ddl.postgresql
asyncpg asyncpg.introspection authlib.oauth2
celery.app.amqp celery.app.control celery.apps.beat celery.apps.worker celery.backends.base
celery.concurrency.thread celery.events.state celery.fixups.django celery.loaders.app celery.worker.components
celery.worker.consumer.agent celery.worker.control celery.worker.strategy
email_validator fastapi fastapi.openapi.utils fastapi.responses fastapi.sse fastapi_swagger
hiredis httptools joserfc.jwe joserfc.jwt kombu.transport.redis limits.aio.strategies mako.template
openai openai.lib.streaming openai.resources.chat.completions openai.types.chat
prometheus_client prometheus_client.multiprocess pwdlib.hashers.argon2 pydantic pydantic.v1 pydantic_settings
redis.asyncio redis.asyncio.retry redis.exceptions
sqlalchemy.dialects.postgresql.asyncpg sqlalchemy.ext.asyncio sqlalchemy.orm starlette.websockets structlog
uvicorn.lifespan.on uvicorn.loops.uvloop uvicorn.main uvicorn.protocols.http.httptools_impl
uvicorn.protocols.websockets.websockets_sansio_impl uvicorn.supervisors uvloop websockets websockets.server
""".split()  # noqa: SIM905 - a list would be a line each


def main() -> None:
    """Changes the environment that runs this."""
    for path in list(PACKAGES.rglob("*")):
        if path.name in TESTS or (path.name in SHELL and path.parent == PACKAGES):
            shutil.rmtree(path, ignore_errors=True)
        elif path.suffix in SOURCES or path.name == "RECORD":  # what an uninstall would need
            path.unlink(missing_ok=True)
    for name in IMPORTED:
        # A name that a new version moved costs its compilation at start, no more.
        with suppress(ImportError):
            importlib.import_module(name)
    loaded = {getattr(module, "__file__", None) for module in list(sys.modules.values())}
    for package in IN_PART:
        for path in (PACKAGES / package).rglob("*.py"):
            if str(path) not in loaded:
                path.unlink()
    for module in list(sys.modules.values()):
        source = getattr(module, "__file__", None) or ""
        if source.endswith(".py") and Path(source).is_relative_to(PACKAGES):
            py_compile.compile(source, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)


if __name__ == "__main__":
    main()
