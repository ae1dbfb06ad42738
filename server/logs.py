"""What the server says about itself: lines for people, or JSON for tools. No personal data."""

from __future__ import annotations

import logging
from typing import TextIO

import structlog

from server.settings import Settings


def configure(settings: Settings, file: TextIO | None = None) -> None:
    """Set up logging for a process, in the format its settings ask for, to ``file`` or stdout."""
    if settings.log_format == "json":
        renderer: structlog.typing.Processor = structlog.processors.JSONRenderer()
    else:
        renderer = structlog.dev.ConsoleRenderer(
            colors=False, exception_formatter=structlog.dev.plain_traceback
        )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info if settings.log_format == "json" else _as_it_is,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(file=file),
    )


def _as_it_is(
    _logger: object, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """The console renderer writes tracebacks itself."""
    return event
