"""Answers packed with gzip where it saves a phone's time: pages, scripts, style sheets, words."""

from __future__ import annotations

import gzip
from functools import lru_cache

from flask import Flask, Response, request

PACKED = frozenset(
    {
        "text/html",
        "text/css",
        "text/javascript",
        "application/json",
        "application/problem+json",
        "image/svg+xml",
    }
)
"""What gains by it; fonts, pictures and sound are packed already."""

LEAST_BYTES = 600
"""Below this an answer fits into one packet of the network either way."""

LEVEL = 6


def compress(app: Flask) -> None:
    """Pack this app's answers for those who accept it.

    A secret beside what a stranger can write could be guessed from a page's packed size (BREACH).
    That needs thousands of signed-in loads from the stranger's site, and our cookies are SameSite.
    """
    app.after_request(_pack)


def _pack(response: Response) -> Response:
    if response.mimetype not in PACKED or _comes_in_pieces(response):
        return response
    response.vary.add("Accept-Encoding")
    if (
        response.status_code not in (200, 404)
        or response.content_encoding
        or not request.accept_encodings["gzip"]
        or "Content-Range" in response.headers
    ):
        return response
    tag, _ = response.get_etag()
    response.direct_passthrough = False
    plain = response.get_data()
    if len(plain) < LEAST_BYTES:
        return response
    if request.endpoint is not None and request.endpoint.endswith("static"):
        packed = _packed_file(plain)
    else:
        packed = gzip.compress(plain, LEVEL, mtime=0)
    response.set_data(packed)
    response.content_encoding = "gzip"
    response.headers.pop("Accept-Ranges", None)
    if tag is not None:
        # The packed bytes are another representation, but mean the same: a weak tag says so.
        response.set_etag(tag, weak=True)
    return response


def _comes_in_pieces(response: Response) -> bool:
    """Whether it is made while it is sent, so that it is never in memory as a whole."""
    return response.is_streamed and not response.direct_passthrough


@lru_cache(maxsize=256)
def _packed_file(plain: bytes) -> bytes:
    """A static file, packed once; what it holds is the key, so a new file is packed anew."""
    return gzip.compress(plain, 9, mtime=0)
