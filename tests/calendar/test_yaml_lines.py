"""The YAML reader that every file of an administrator passes through."""

from pathlib import Path

import pytest
from marshmallow import Schema, fields

from shared.wording.yaml_lines import FileError, load_yaml, parse_yaml
from shared.wording.yaml_schema import load_with


class _Window(Schema):
    opens = fields.String(required=True, metadata={"remedy": "write HH:MM"})


class _File(Schema):
    zone = fields.String(required=True)
    windows = fields.List(fields.Nested(_Window))
    names = fields.Dict(keys=fields.String(), values=fields.Integer(strict=True))


def test_plain_text_stays_text() -> None:
    """Times, dates, telephone numbers and the word no are text, whatever YAML 1.1 makes of them."""
    text = "a: 13:00\nb: 2023-04-19\nc: 0822\nd: no\ne: 12\nf: 0.25\ng: true\nh:\ni: '7'"

    assert {
        "a": "13:00", "b": "2023-04-19", "c": "0822", "d": "no", "e": 12, "f": 0.25, "g": True, "h": None, "i": "7"
    } == parse_yaml(text, "x.yaml").data  # fmt: skip


def test_each_value_knows_its_line() -> None:
    """A value is found by its path, and a missing one gets the line of the nearest part that exists."""
    document = parse_yaml("a: 1\n\nlist:\n  - x: 1\n  - x: 2\n", "x.yaml")

    assert [1, 3, 5, 5, 5] == [
        document.line_of(path)
        for path in [("a",), ("list",), ("list", 1), ("list", 1, "x"), ("list", 1, "missing", "deeper")]
    ]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a: 1\na: 2", 2, "given twice"),
        ("a: 1\n\tb: 2", 2, "not valid YAML"),
        ("a: &x [1, *x]", 1, "alias refers to the part it stands in"),
        ("a: !!python/object:os.system 1", 1, "not allowed"),
        ("a: 1\n<<: {b: 2}", 2, "cannot be a key"),
        ("a: 1\n? [1, 2]\n: 3", 2, "single word"),
        ("a: 1\nb: " + "9" * 5000, 2, "no number"),
        ("a: 1\nb: " + "9" * 400 + ".0", 2, "no number"),
        ("a: 1\nb: !!int x", 2, "no number"),
        ("a: 1\nb: !!float x", 2, "no number"),
        ("a: 1\n!!int x: b", 2, "no number"),
        ('a: 1\nb: "\\ud800"', 2, "no character"),
        ('a: 1\nb: "\\0"', 2, "no character"),
        ('a: 1\nb: "\\e[31m"', 2, "no character"),
        ('a: "\\U00110000"', 0, "no character"),
        ('a: "\\UFFFFFFFF"', 0, "no character"),
        ("%YAML " + "9" * 5000 + ".1\n---\na: b", 0, "no version"),
    ],
)
def test_what_the_dialect_refuses(text: str, line: int, message: str) -> None:
    """A refused construct names its line and a remedy."""
    with pytest.raises(FileError, match=message) as caught:
        parse_yaml(text, "x.yaml")

    assert line == caught.value.line
    assert caught.value.remedy


def test_a_missing_file_and_one_of_another_encoding_are_errors_of_the_file(tmp_path: Path) -> None:
    """A file that cannot be read names itself and what to do."""
    latin = tmp_path / "latin.yaml"
    latin.write_bytes(b"a: \xe9")

    for path, message in [(tmp_path / "none.yaml", "does not exist"), (latin, "not UTF-8")]:
        with pytest.raises(FileError, match=message) as caught:
            load_yaml(path)
        assert path == caught.value.file


def test_all_schema_errors_come_at_once_with_their_lines() -> None:
    """Every error of a file is told in one go: file, line, what is wrong, what to do."""
    document = parse_yaml("zona: x\nwindows:\n  - opens: 7\n  - {}\nnames:\n  a: one\n", "cal.yaml")

    with pytest.raises(FileError) as caught:
        load_with(document, _File())

    assert [
        "cal.yaml:1: 'zona' is not known here → correct the spelling or remove it; known are zone, windows, names",
        "cal.yaml:1: 'zone' is missing → add it",
        "cal.yaml:3: opens: Not a valid string. → write HH:MM",
        "cal.yaml:4: 'opens' is missing → add it: write HH:MM",
        "cal.yaml:6: a: Not a valid integer. → correct this value",
    ] == sorted(str(caught.value).splitlines())


def test_an_empty_file_is_an_error_that_says_how_to_begin() -> None:
    """A file without fields is refused with a remedy."""
    with pytest.raises(FileError, match="begin with zone"):
        load_with(parse_yaml("", "x.yaml"), _File())
