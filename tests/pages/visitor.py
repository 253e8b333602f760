"""A browser without scripts, as far as pages need one: cookies, redirects, and forms as they stand."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import Cookie
from typing import Any, Final

import requests
from requests.cookies import RequestsCookieJar

from tests.fixtures.waiting import patience

_VOID: Final = frozenset({"input", "br", "hr", "img", "meta", "link", "path", "rect", "circle", "line"})


@dataclass
class Form:
    """A form: where it goes, and what it would send untouched."""

    action: str
    values: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Element:
    """An element: its name, its attributes, the text in it and in its children."""

    tag: str
    attributes: dict[str, str]
    text: str = ""
    depth: int = 0


class Page(HTMLParser):
    """An answer, read as a browser reads it.

    :param answer: of a request that was followed to its end.
    """

    def __init__(self, answer: requests.Response) -> None:
        super().__init__()
        self.status = answer.status_code
        self.address = answer.url
        self.headers = answer.headers
        self.html = answer.text
        self.forms: list[Form] = []
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self._select: tuple[str, bool] | None = None
        self.feed(answer.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what begins."""
        attributes = {name: value or "" for name, value in attrs}
        element = Element(tag, attributes, depth=len(self._open))
        self.elements.append(element)
        if tag not in _VOID:
            self._open.append(element)
        if tag == "form":
            self.forms.append(Form(attributes.get("action") or self.address))
        elif self.forms:
            self._field(tag, attributes)

    def handle_endtag(self, tag: str) -> None:
        """Note what ends; of a text field, what stands in it."""
        while any(each.tag == tag for each in self._open):
            element = self._open.pop()
            if element.tag == tag == "textarea" and self.forms and element.attributes.get("name"):
                self.forms[-1].values[element.attributes["name"]] = element.text.removeprefix("\n")
            if element.tag == tag:
                break

    def handle_data(self, data: str) -> None:
        """Text belongs to all that is open."""
        for element in self._open:
            element.text += data

    @property
    def text(self) -> str:
        """All that is read, blanks as one."""
        return " ".join(self.one("body").text.split())

    @property
    def heading(self) -> str:
        """The first heading."""
        return " ".join(self.one("h1").text.split())

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """Elements of a kind, with these attributes."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [each for each in self.elements if each.tag == tag and wanted.items() <= each.attributes.items()]

    def one(self, tag: str, **attributes: str) -> Element:
        """The first of them.

        :raises AssertionError: if there is none.
        """
        found = self.all(tag, **attributes)
        assert found, f"no <{tag}> with {attributes} in {self.address}"
        return found[0]

    def form(self, ending: str) -> Form:
        """The form whose address ends so."""
        found = [each for each in self.forms if each.action.partition("?")[0].endswith(ending)]
        assert found, f"no form to {ending} in {self.address} ({self.status}): {self.text}"
        return found[0]

    def _field(self, tag: str, attributes: dict[str, str]) -> None:
        form, name = self.forms[-1], attributes.get("name", "")
        kind = attributes.get("type", "text")
        if tag == "button" and name:
            form.buttons.append((name, attributes.get("value", "")))
        elif tag == "input" and name and kind not in ("radio", "checkbox", "file", "submit"):
            form.values[name] = attributes.get("value", "")
        elif tag == "input" and name and "checked" in attributes:
            form.values[name] = attributes.get("value", "on")
        elif tag == "select":
            self._select = (name, False)
            form.values[name] = ""
        elif tag == "option" and self._select and "selected" in attributes:
            form.values[self._select[0]] = attributes.get("value", "")


class _Jar(RequestsCookieJar):
    """A browser sends cookies that are for TLS only to its own machine without it too; this client would not."""

    def set_cookie(self, cookie: Cookie, *arguments: Any, **options: Any) -> None:
        """Keep a cookie for any connection."""
        cookie.secure = False
        super().set_cookie(cookie, *arguments, **options)


class Visitor:
    """Somebody with a browser of their own.

    :param address: of the installation.
    """

    def __init__(self, address: str, language: str = "id") -> None:
        self.address = address
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.cookies = _Jar()
        self.session.headers.update({"Accept": "text/html", "Accept-Language": language})

    def get(self, path: str, **options: Any) -> Page:
        """Open an address."""
        return Page(self.session.get(self._whole(path), timeout=patience(60), **options))

    def leaf_through(self, path: str) -> str:
        """A list's pages one after another, as somebody reads them who looks for one row among all."""
        page = self.get(path)
        read = page.html
        while leading := [each for each in page.forms if "sesudah" in dict(each.buttons)]:
            (form,) = leading
            page = self.post(form.action, {**form.values, "sesudah": dict(form.buttons)["sesudah"]})
            read += page.html
        return read

    def post(self, path: str, data: dict[str, Any], **options: Any) -> Page:
        """Send a form that no page offered, or not like that."""
        return Page(self.session.post(self._whole(path), data=data, timeout=patience(60), **options))

    def send(self, page: Page, ending: str, files: Any = None, **values: str | None) -> Page:
        """Fill in a form of a page and send it.

        :param ending: of the form's address.
        :param values: by field, with two underscores for a dot; none leaves a field out.
        """
        form = page.form(ending)
        typed = {name.replace("__", "."): value for name, value in values.items()}
        data = {name: value for name, value in {**form.values, **typed}.items() if value is not None}
        return self.post(form.action, data, files=files)

    def _whole(self, path: str) -> str:
        return path if path.startswith("http") else self.address + path
