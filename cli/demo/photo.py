"""Photos that people in the demo take: small, and each another."""

from io import BytesIO

from PIL import Image


def photo(number: int) -> bytes:
    """A JPEG.

    :param number: another number gives another photo.
    """
    image = Image.new("RGB", (64, 48), (number * 37 % 256, number * 91 % 256, number * 53 % 256))
    content = BytesIO()
    image.save(content, "JPEG")
    return content.getvalue()
