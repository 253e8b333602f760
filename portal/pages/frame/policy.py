"""What a browser may do with our pages: nothing of anybody else's, and nothing written into the page."""

from typing import Final

from flask import Response, request

from portal.parts import parts

_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_OFF: Final = (
    "accelerometer",
    "autoplay",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "publickey-credentials-get",
    "screen-wake-lock",
    "usb",
    "xr-spatial-tracking",
)
_HEADERS: Final = {
    "Content-Security-Policy": _POLICY,
    # Not even our own pages are told which ticket somebody came from.
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": ", ".join(("camera=(self)", *(f"{each}=()" for each in _OFF))),
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}
_TLS: Final = "max-age=31536000"


def guarded(response: Response, *, listed: bool = False) -> Response:
    """A page with its headers.

    :param listed: whether search engines may list it.
    """
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if listed:
        del response.headers["X-Robots-Tag"]
    if request.is_secure or parts().runtime.settings.public_url.startswith("https://"):
        response.headers["Strict-Transport-Security"] = _TLS
    return response
