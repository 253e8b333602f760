"""What a reporter may ask for of their name, as a type."""

from typing import Final, Literal, get_args

Privacy = Literal["open", "anonymous", "secret"]
PRIVACIES: Final[tuple[Privacy, ...]] = get_args(Privacy)
"""From least to most."""
