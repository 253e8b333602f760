"""A web server in bounded time and room: what the portal and the health pages stand on."""
