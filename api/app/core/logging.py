"""Logs: one JSON object a line for machines, or readable lines in development; ours and those of the libraries."""

import json
import logging.config
import re
from typing import TYPE_CHECKING, Any, cast

import structlog
from structlog.contextvars import merge_contextvars
from structlog.stdlib import ProcessorFormatter

from app.project import API_KEY_PREFIX
from app.settings import LoggingSettings

if TYPE_CHECKING:
    from structlog.typing import EventDict, Processor


# without the local variables, which structlog would show: passwords are among them
_TRACEBACKS = structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False))


# A net below the rule that nobody logs a secret: a library or a server that we talk to may say ours in an error. Access
# tokens, refresh tokens, API keys, and what stands in a link or comes back from an identity provider.
_SECRETS = (
    # each begins with what is found fast, and the replacement is a function: a template costs as much again
    re.compile(rf"({API_KEY_PREFIX})[\w-]{{8,}}"),
    re.compile(r"(eyJ)[\w-]{8,}(?:\.[\w-]*)*"),
    re.compile(r"(\.\d{1,9}\.)[\w-]{40,}"),
    re.compile(r"([?&#](?:token|code|state|password|key)=)[^\s&\"'\\<>]+"),
)


_ENCODER = json.JSONEncoder(default=repr)
_META = 1  # the processor that drops what ProcessorFormatter has added


def _redact(_logger: object, _method: str, line: str) -> str:
    for secret in _SECRETS:
        line = secret.sub(_redacted, line)
    return line


def _redacted(found: re.Match[str]) -> str:
    return f"{found[1]}[redacted]"


def _as_json(_logger: object, _method: str, event: "EventDict") -> str:
    return _ENCODER.encode(event)  # one for all lines: `dumps` makes one for each


def _drop_colours(_logger: object, _method: str, event: "EventDict") -> "EventDict":
    event.pop("color_message", None)  # uvicorn's second copy of its message
    return event


def _is_no_echo(record: logging.LogRecord) -> bool:
    """Whether this isn't uvicorn's line of a handshake: ours says it without the query, and a refusal is no error."""
    text = str(record.msg)
    return not (text.startswith('%s - "WebSocket %s"') or text.endswith("returned without completing handshake."))


class _Formatter(ProcessorFormatter):
    """Lines of ours go straight through the last processors: the copy of each record is for several handlers."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._last = tuple(self.processors[_META:])  # theirs is a list that converts what is taken from it

    def format(self, record: logging.LogRecord) -> str:
        if not hasattr(record, "_logger"):  # a library's, whatever it logs
            return super().format(record)
        event: Any = dict(cast("EventDict", record.msg))
        for processor in self._last:
            event = processor(None, record.levelname.lower(), event)
        return str(event)


def configure_logging(settings: LoggingSettings) -> None:
    """Sends every log line of this process to stdout, in one form, with the ids that are bound to its context."""
    shared: list[Processor] = [
        merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[Processor]
    if settings.format == "console":
        last = [
            structlog.dev.ConsoleRenderer(
                pad_event_to=0, pad_level=False, exception_formatter=structlog.dev.plain_traceback
            )
        ]
    else:
        last = [_TRACEBACKS, _as_json]
    formatter: dict[str, Any] = {
        "()": _Formatter,
        "foreign_pre_chain": [*shared, structlog.stdlib.ExtraAdder()],
        "processors": [ProcessorFormatter.remove_processors_meta, _drop_colours, *last, _redact],
    }
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"line": formatter},
            "filters": {"no echo": {"()": lambda: _is_no_echo}},
            "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "line", "stream": "ext://sys.stdout"}},
            # of libraries nothing below INFO: there they log headers, queries and frames with their contents
            "root": {"handlers": ["out"], "level": "INFO" if settings.level == "DEBUG" else settings.level},
            "loggers": {"app": {"level": settings.level}}
            | {
                # they log requests; the last seven lines at every start
                name: {"level": "WARNING"}
                for name in ("httpx", "httpcore", "httpx2", "httpcore2", "openai", "asyncio", "alembic.runtime.plugins")
            }
            | {name: {"handlers": [], "propagate": True} for name in ("uvicorn", "celery")}
            | {"uvicorn.error": {"handlers": [], "propagate": True, "filters": ["no echo"]}}
            # it would log queries; requests have a line of ours, from the edge
            | {"uvicorn.access": {"handlers": [], "propagate": False}},
        }
    )
    # nobody prints where in the code a line was written, or by which thread: to find that out is a fifth of its cost
    logging._srcfile = None  # noqa: SLF001 - as the documentation of `logging` says
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    structlog.configure(
        processors=[*shared, ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        # what is below the level costs nothing; and it has fewer steps than the one that imitates logging's
        wrapper_class=structlog.make_filtering_bound_logger(settings.level),
        cache_logger_on_first_use=True,
    )
