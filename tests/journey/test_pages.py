"""The pages to which letters lead."""

from tests.journey.installation import Api, officer


def _page(api: Api, path: str, **request: object) -> tuple[int, str]:
    answer = api.session.request("POST" if request else "GET", f"{api.address}{path}", timeout=30, **request)  # type: ignore[arg-type]
    assert "text/html" in answer.headers["Content-Type"]
    return answer.status_code, answer.text


def test_a_reporter_opens_their_page_with_the_code(api: Api) -> None:
    """A form, then where the complaint is; what was written is shown as text, never as markup."""
    receipt = api.file("cilacap", message="x", reporter={"name": "Siti", "address": "RT 1"})
    reason = "Lengkapi <script>alert(1)</script>"
    assert api.act(officer("cilacap", "coordinator"), receipt["id"], "return", reason=reason).ok
    path = f"/cilacap/lacak/{receipt['ticket']}"

    form = _page(api, path)
    opened = _page(api, path, data={"code": receipt["tracking_code"].lower()})

    assert (200, True) == (form[0], 'name="code"' in form[1])
    assert "dikembalikan" not in form[1]
    assert (200, True) == (opened[0], "dikembalikan kepada pelapor" in opened[1])
    assert "&lt;script&gt;" in opened[1]
    assert "<script>" not in opened[1]


def test_a_wrong_code_and_an_unknown_ticket_read_alike(api: Api) -> None:
    """Nobody learns here which tickets there are."""
    receipt = api.file("cilacap", message="x")

    known = _page(api, f"/cilacap/lacak/{receipt['ticket']}", data={"code": "SALAH"})
    unknown = _page(api, "/cilacap/lacak/CLP-2026-999999", data={"code": "SALAH"})

    assert (404, 404) == (known[0], unknown[0])
    assert known[1].replace(receipt["ticket"], "T") == unknown[1].replace("CLP-2026-999999", "T")


def test_an_officer_is_told_where_the_dossier_is(api: Api) -> None:
    """Nothing of the dossier itself: the page asks nobody who they are."""
    receipt = api.file("cilacap", message="Jalan berlubang")

    status, text = _page(api, f"/cilacap/berkas/{receipt['ticket']}")

    assert (200, True) == (status, f"/api/v1/cilacap/dossiers/{receipt['ticket']}" in text)
    assert "Jalan" not in text
