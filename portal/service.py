"""The portal as a nameko service: a web server and nothing else."""

from portal.server import WebServer


class PortalService:
    """The web."""

    name = "portal"

    web = WebServer()
