"""The headers of every answer: nothing from elsewhere is loaded, nothing is framed, no page is kept by itself."""

from flask import Flask, Response, request

POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'none'"
)
FOR_A_YEAR = "public, max-age=31536000"  # static addresses carry a version
FOR_TWO_YEARS = "max-age=63072000"  # of this name only: others of the organisation may not speak TLS yet
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def register(app: Flask) -> None:
    """Give every answer its headers."""
    app.after_request(_headers)


def _headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", FOR_TWO_YEARS)
    if response.headers.get("Cache-Control", "no-cache") == "no-cache":  # what send_file says by itself
        static = request.endpoint == "static" and response.status_code < 400
        response.headers["Cache-Control"] = FOR_A_YEAR if static else "private, no-store"
    if request.endpoint == "security.logout":
        response.headers["Clear-Site-Data"] = '"cache"'  # the board, which the browser keeps and asks about
    closes = getattr(response.response, "close", None)
    if closes is not None:  # what compresses a file afterwards does not close it
        response.call_on_close(closes)
    return response
