"""A table on paper: PDF, landscape, heads on every page, set by typst."""

import json
from datetime import UTC, datetime
from typing import Final

import typst

from shared.wording.sheets.sheet import Sheet, shown

# Texts come in as data, never as markup: what a reporter writes cannot become a command of the typesetter.
_PAGE: Final = """
#let sheet = json(bytes(sys.inputs.sheet))
#set document(title: sheet.title, date: none)
#set page(paper: "a4", flipped: true, margin: 1.5cm, numbering: "1 / 1")
#set text(size: 8pt, lang: "id")
#text(size: 13pt, weight: "bold", sheet.title)
#v(0.4em)
#table(
  columns: sheet.widths.map(width => width * 1fr),
  stroke: 0.4pt + luma(60%),
  inset: 3pt,
  table.header(..sheet.heads.map(head => strong(head))),
  ..sheet.rows.flatten(),
)
#for note in sheet.notes [#v(0.6em) #note]
"""


def as_pdf(sheet: Sheet) -> bytes:
    """The table as PDF; the same table gives the same bytes.

    :raises RuntimeError: if the typesetter fails, which is a mistake of ours.
    """
    data = {
        "title": sheet.title,
        "heads": list(sheet.heads),
        "rows": [[shown(cell) for cell in row] for row in sheet.rows],
        "notes": list(sheet.notes),
        "widths": list(sheet.widths) or [1] * len(sheet.heads),
    }
    made = typst.compile(
        _PAGE.encode(),
        format="pdf",
        sys_inputs={"sheet": json.dumps(data, ensure_ascii=False)},
        ignore_system_fonts=True,
        timestamp=int(datetime(2000, 1, 1, tzinfo=UTC).timestamp()),
    )
    if not isinstance(made, bytes):
        raise TypeError("a table became several files")
    return made
