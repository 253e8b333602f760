"""How the parts of a form are told from one another."""

from typing import IO

from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.formparser import FormDataParser


class NamedParts(FormDataParser):
    """Takes a form of whose parts one has no name for broken, and reads it as any other that is: as if it were empty.

    Every field has a name (RFC 7578, 4.2), and whoever reads forms looks for texts.
    """

    def parse(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str] | None = None
    ) -> tuple[IO[bytes], MultiDict[str, str], MultiDict[str, FileStorage]]:
        """The form's fields and its files.

        :raises RequestEntityTooLarge: if there are too many parts, or a field is too long.
        """
        found = super().parse(stream, mimetype, content_length, options)
        if all(isinstance(name, str) for named in found[1:] for name in named):
            return found
        return stream, self.cls(), self.cls()
