"""The JSON API, by what it is about. Each view reads, asks the services, answers; it decides nothing."""

from typing import Final

PREFIX: Final = "/api/v1"
