"""Real files, made for a test: a phone's photo with its place, a document with a script."""

import io
import random
from typing import Any

import pikepdf
from PIL import Image

GPS = {1: "S", 2: (7.0, 43.0, 12.3), 3: "E", 4: (109.0, 0.0, 55.1)}
"""Where a photo was taken: Cilacap's town square."""


def photo(format_name: str = "JPEG", size: tuple[int, int] = (400, 300), **saved: Any) -> bytes:
    """A picture with EXIF: maker, author, place, and turned by a quarter."""
    image = Image.new("RGB", size, (120, 90, 60))
    image.paste((250, 0, 0), (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[0x010F] = "Telepon Siti"
    exif[0x013B] = "Siti Rahayu"
    exif[0x0112] = 6
    exif.get_ifd(0x8825).update(GPS)
    written = io.BytesIO()
    image.save(written, format_name, exif=exif, **saved)
    return written.getvalue()


def document(pages: int = 1, **options: Any) -> bytes:
    """A document with its author, a script that runs when it is opened, a file in it, and a photo of a phone's."""
    made = pikepdf.new()
    for _ in range(pages):
        made.add_blank_page()
    made.docinfo["/Author"] = "Siti Rahayu"
    script = made.make_indirect(pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert('Siti')"))
    made.Root.OpenAction = script
    made.attachments["surat.exe"] = b"MZ Siti"
    link = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Link,
        Rect=[0, 0, 9, 9],
        A=pikepdf.Dictionary(S=pikepdf.Name.Launch),
    )
    made.pages[0].Annots = made.make_indirect(pikepdf.Array([made.make_indirect(link)]))
    picture = pikepdf.Stream(made, photo())
    picture.Type, picture.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    picture.Width, picture.Height, picture.BitsPerComponent = 400, 300, 8
    picture.ColorSpace, picture.Filter = pikepdf.Name.DeviceRGB, pikepdf.Name.DCTDecode
    made.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=made.make_indirect(picture)))
    made.pages[0].Contents = pikepdf.Stream(made, b"q 100 0 0 100 0 0 cm /Im0 Do Q")
    written = io.BytesIO()
    made.save(written, **options)
    return written.getvalue()


def view(name: str, size: tuple[int, int] = (800, 600), brightness: float = 1.0, quality: int = 90) -> bytes:
    """A photo of a place of its own, as somebody's telephone saves it: the same name is the same place."""
    chance = random.Random(name)
    grains = bytes(chance.randrange(30, 220) for _ in range(9 * 8))
    image = Image.frombytes("L", (9, 8), grains).resize(size, Image.Resampling.BICUBIC).convert("RGB")
    written = io.BytesIO()
    image.point(lambda value: int(value * brightness)).save(written, "JPEG", quality=quality)
    return written.getvalue()


def box(name: bytes, content: bytes) -> bytes:
    """A box of MP4 and its kin (ISO/IEC 14496-12)."""
    return (8 + len(content)).to_bytes(4, "big") + name + content


def film(brand: bytes = b"isom", size: int = 600) -> bytes:
    """A film as a telephone makes it: with the place and the telephone's name beside it, twice."""
    place = box(b"udta", box(b"\xa9xyz", b"\0\x12\x15\xc7-07.7267+109.0153/") + box(b"\xa9mod", b"Telepon Siti"))
    track = box(b"trak", box(b"tkhd", bytes(84)) + box(b"meta", b"Siti di alun-alun"))
    moov = box(b"moov", box(b"mvhd", bytes(100)) + track + place)
    return box(b"ftyp", brand + b"\0\0\2\0" + brand) + moov + box(b"mdat", bytes(range(200)) * (size // 200))


PLACE = b"-07.7267+109.0153"


def track(
    kind: bytes, coding: bytes, offsets: list[int], sizes: list[int], trak: bytes = b"", mdia: bytes = b""
) -> bytes:
    """A track: what it is, and where in the file its samples lie, each in a chunk of its own."""

    def full(*numbers: int) -> bytes:
        return b"".join(number.to_bytes(4, "big") for number in (0, *numbers))

    table = box(
        b"stbl",
        box(b"stsd", full(1) + box(coding, bytes(8)))
        + box(b"stsc", full(1, 1, 1, 1))
        + box(b"stsz", full(0, len(sizes), *sizes))
        + box(b"stco", full(len(offsets), *offsets)),
    )
    handled = box(b"mdhd", bytes(24)) + box(b"hdlr", bytes(8) + kind + bytes(13)) + box(b"minf", table)
    return box(b"trak", box(b"tkhd", bytes(84)) + box(b"mdia", handled + mdia) + trak)


def dashcam(moov: bytes = b"", trak: bytes = b"", mdia: bytes = b"") -> bytes:
    """A film of a camera that writes where it is: in a track of its own, between what is seen, and beside it.

    :param moov: what stands there besides.
    :param trak: likewise.
    :param mdia: likewise.
    """
    head = box(b"ftyp", b"isom\0\0\2\0isom")
    samples = (b"picture1", PLACE, b"picture2", PLACE)
    at = [len(head) + 8 + sum(map(len, samples[:place])) for place in range(4)]
    seen = track(b"vide", b"avc1", at[::2], [8, 8], trak, mdia)
    told = track(b"meta", b"gpmd", at[1::2], [len(PLACE)] * 2)
    beside = box(b"udta", box(b"\xa9xyz", PLACE))
    return head + box(b"mdat", b"".join(samples)) + box(b"moov", box(b"mvhd", bytes(100)) + seen + told + beside + moov)


def browsers(*, known: bool = True, kind: int = 1) -> bytes:
    """A film as a browser records it, with who made it where, in clusters.

    :param known: whether segment and clusters tell how long they are.
    :param kind: of its track: 1 is seen, 2 heard, 33 is neither.
    """

    def element(id_: str, content: bytes, *, known: bool = True) -> bytes:
        size = (len(content) | 1 << 28).to_bytes(4, "big") if known else b"\x01" + b"\xff" * 7
        return bytes.fromhex(id_) + size + content

    head = element("1a45dfa3", element("4282", b"webm"))
    programs = element("4d80", b"Telepon") + element("5741", b"Telepon Siti")
    info = element("1549a966", element("2ad7b1", b"\x0f\x42\x40") + programs + element("7ba9", b"Siti " + PLACE))
    track = element("83", bytes([kind])) + element("536e", b"Siti") + element("ec", PLACE)
    tracks = element("1654ae6b", element("bf", b"sum!") + element("ae", track))
    clusters = [
        element("1f43b675", element("e7", b"\0") + element("a3", each), known=known)
        for each in (b"cluster1", b"cluster2")
    ]
    tags = element("1254c367", PLACE) + element("1941a469", PLACE) + element("ec", PLACE)
    return head + element("18538067", info + tracks + b"".join(clusters) + tags, known=known)


def voice(remarks: bytes = bytes(8)) -> bytes:
    """A voice note as WhatsApp and Telegram make it: Opus in two pages of Ogg (RFC 7845)."""
    pages = (b"OpusHead\1\1" + bytes(9), b"OpusTags" + remarks, bytes(range(120)))
    return b"".join(
        b"OggS\0" + bytes([2 if place == 0 else 0]) + bytes(16) + bytes(4) + bytes([1, len(page)]) + page
        for place, page in enumerate(pages)
    )


def song() -> bytes:
    """MP3 of five frames, with who made it before and behind them."""
    frame = b"\xff\xfb\x90\x00" + bytes(413)
    tag = b"TPE1" + (12).to_bytes(4, "big") + b"\0\0" + b"\0Siti Rahayu"
    return b"ID3\3\0\0" + bytes([0, 0, 0, len(tag)]) + tag + frame * 5 + b"TAG" + b"Siti Rahayu".ljust(125, b"\0")
