"""What goes out by WhatsApp: texts, buttons, lists, and templates once the day of free words is over."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from shared.base.clock import Clock, SystemClock
from shared.base.shortening import shortened
from shared.channels.carrier import PLAINEST, Choice, Enclosure, Maybe, Refused, Taken, Traits, Words
from shared.channels.http import ask, json_of, session, wait_of
from shared.channels.kinds.parsing import objects, part
from shared.channels.kinds.whatsapp import approval, token_end
from shared.channels.kinds.whatsapp.errors import OTHER_WORDS, PAUSED, TROUBLES, WINDOW_CLOSED, refused
from shared.channels.kinds.whatsapp.resting import ByTemplate, Resting
from shared.channels.numbers import persons_number
from shared.channels.parts import SaidSoFar, numbered
from shared.channels.secrets import Secrets

OF_A_PART: Final = "part"
"""In the place of our key on what goes before the last part: what a provider says of it is nobody's to wait for."""
TEXT: Final = 4096
_BODY_WITH_BUTTONS: Final = 1024
_BUTTONS: Final = 3
_ROWS: Final = 10
_BUTTON_TITLE: Final = 20
_ROW_TITLE: Final = 24
_VALUE: Final = 1024
_BREAKS: Final = re.compile(r"\s*[\r\n]+\s*")
_BLANKS: Final = re.compile(r"[ \t]{2,}|\t")
_LIST_BUTTON: Final = "Pilih"
_BURST: Final = 20
_SPACING_SECONDS: Final = 6.0
"""Between two letters to one person. Source: Meta, Cloud API, pair rate limit: 45 at once, then one in 6 s."""


@dataclass(frozen=True)
class Template:
    """Words that the provider has approved.

    :param values: what fills its places, in their order.
    """

    name: str
    language: str = "id"
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class WhatsAppNumber:
    """A number of a government's at the provider.

    :param api: the provider's address, without a slash at its end.
    :param display: as people write it down; blank if nobody has said so.
    :param rate: letters per second.
    :param templates: by meaning.
    :param business: the id of the business account that it is of; blank if nobody has said so.
    """

    api: str
    version: str
    id: str
    display: str = ""
    rate: float = 40.0
    templates: Mapping[str, Template] = field(default_factory=dict)
    business: str = ""

    def url(self, what: str) -> str:
        """The address of something of the provider's."""
        return f"{self.api}/{self.version}/{what}"


class WhatsAppCarrier:
    """One number's way out.

    :param clock: the machine's, by which tokens run out and templates rest.
    """

    def __init__(self, number: WhatsAppNumber, secrets: Secrets, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._number = number
        self._secrets = secrets
        self._client = session()
        self._begun = SaidSoFar()
        self._resting = Resting(self._clock)
        self.traits = Traits(
            text=TEXT,
            choices=_ROWS,
            has_window=True,
            reports_delivery=True,
            files=True,
            other_words=OTHER_WORDS,
            troubles=TROUBLES,
            rate=number.rate,
            burst=_BURST,
            spacing_seconds=_SPACING_SECONDS,
        )

    def send(self, to: str, words: Words, *, key: str, quotes: str = "", window_until: datetime | None = None) -> Taken:
        """Hand words over; outside the window (``window_until`` none) as a template, if one is approved for them.

        What is long goes in parts. Only the last bears our key, so that a status tells of it when all have gone.
        """
        if window_until is None:
            return self._by_template(to, words, quotes, key)
        # Files before the words: what fails there is tried again, and the words are not said twice.
        *before, last = self._free(words)
        pieces: list[Enclosure | Mapping[str, Any]] = [*words.files, *before]
        self._begun.hand_over(key, pieces, lambda each: self._hand_over_part(to, each, quotes))
        taken = self._hand_over(to, last, quotes, key)
        self._begun.is_done(key)
        return taken

    def _by_template(self, to: str, words: Words, quotes: str, key: str) -> Taken:
        if (why_not := self._resting.why_not_to(to)) is not None:
            raise why_not
        template = self._template_for(words)
        letter = ByTemplate(to, template.name, template.language)
        try:
            taken = self._hand_over(to, _filled(template, words), quotes, key)
        except Refused as refused:
            self._resting.was_refused(letter, refused)
            raise
        self._resting.was_taken(key, letter)
        return taken

    def refused_after_all(self, key: str, code: str) -> None:
        """What a status says of a template, or of who is written to, holds for the next letters too."""
        self._resting.was_refused_after_all(key, code)

    def _template_for(self, words: Words) -> Template:
        """The template of a meaning, or else the plainest; one that rests is left out.

        :raises Refused: if there is none; where all rest, as the provider refused the first.
        """
        approved = [
            self._number.templates[each] for each in (words.template, PLAINEST) if each in self._number.templates
        ]
        if not approved:
            raise Refused(WINDOW_CLOSED, "other_way")
        ill = [self._resting.why(each.name, each.language) for each in approved]
        for template, why in zip(approved, ill, strict=True):
            if why is None:
                return template
        raise next(why for why in ill if why is not None)

    def _hand_over_part(self, to: str, piece: Enclosure | Mapping[str, Any], quotes: str) -> None:
        shape = self._uploaded(piece) if isinstance(piece, Enclosure) else piece
        self._hand_over(to, shape, quotes, OF_A_PART)

    def _hand_over(self, to: str, shape: Mapping[str, Any], quotes: str, key: str) -> Taken:
        # A user's id in `to` is taken and never delivered: it belongs in `recipient`.
        whom = {"to": to.lstrip("+")} if to.lstrip("+").isdigit() else {"recipient": to}
        letter = {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            **whom,
            "biz_opaque_callback_data": key,
            **({"context": {"message_id": quotes}} if quotes else {}),
            **shape,
        }
        answer = ask(
            self._client, "POST", self._number.url(f"{self._number.id}/messages"), json=letter, headers=self._bearer()
        )
        data = json_of(answer)
        if answer.status_code >= 300 or "error" in data:
            raise refused(part(data, "error").get("code"), answer.status_code, wait_of(answer))
        taken = next(iter(objects(data.get("messages"))), {})
        if taken.get("message_status") == "paused":
            raise Refused(PAUSED, "other_words", is_trouble=True)
        if not isinstance(taken.get("id"), str):
            raise Maybe("no_id_in_answer")  # it may have been taken: our key tells, by a status
        return Taken(taken["id"])

    def _uploaded(self, file: Enclosure) -> dict[str, Any]:
        """A file as a document: it is uploaded first, and named by what that gives."""
        told = {"messaging_product": "whatsapp", "type": file.type}
        answer = ask(
            self._client,
            "POST",
            self._number.url(f"{self._number.id}/media"),
            data=told,
            files={"file": (file.name, file.content, file.type)},
            headers=self._bearer(),
        )
        data = json_of(answer)
        if answer.status_code >= 300 or "error" in data:
            raise refused(part(data, "error").get("code"), answer.status_code, wait_of(answer))
        if not isinstance(data.get("id"), str):
            raise Refused("no_id_in_answer", "later")  # nobody has been told anything yet
        return {"type": "document", "document": {"id": data["id"], "filename": file.name}}

    def seen(self, message_id: str) -> None:
        """By a status of our own: all that came before it counts as read too."""
        mark = {"messaging_product": "whatsapp", "status": "read", "message_id": message_id}
        url = self._number.url(f"{self._number.id}/messages")
        answer = ask(self._client, "POST", url, json=mark, headers=self._bearer())
        if answer.status_code >= 300:
            raise refused(part(json_of(answer), "error").get("code"), answer.status_code, wait_of(answer))

    def check(self) -> list[str]:
        """The number is found with the token and is the one that people are told; its account hears and may write; the
        token lasts.
        """
        answer = ask(self._client, "GET", self._number.url(self._number.id), headers=self._bearer())
        if answer.status_code != 200:
            return [f"the number {self._number.id} is not found with this access_token (HTTP {answer.status_code})"]
        meant, found = self._number.display, str(json_of(answer).get("display_phone_number") or "")
        if meant and persons_number(found) != persons_number(meant):
            return [f"the id {self._number.id} is of the number {found or '-'}, not of the display_number {meant}"]
        token = self._look_up("debug_token", input_token=self._secrets.get("access_token"))
        found_out = [*token_end.faults(token, self._clock.now())]
        if self._number.business:
            found_out += approval.faults(self._number.business, self._number.templates, self._look_up)
        return found_out

    def _look_up(self, what: str, **asked: str) -> Mapping[str, Any] | None:
        answer = ask(self._client, "GET", self._number.url(what), headers=self._bearer(), params=asked)
        return approval.answered(answer.status_code, json_of(answer))

    def _bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._secrets.get('access_token')}"}

    def _free(self, words: Words) -> list[dict[str, Any]]:
        choices = words.choices[:_ROWS]
        if words.place and not choices and len(words.text) <= _BODY_WITH_BUTTONS:
            pin = {
                "type": "location_request_message",
                "body": {"text": cleaned(words.text)},
                "action": {"name": "send_location"},
            }
            return [{"type": "interactive", "interactive": pin}]
        if not choices:
            return [_plain(each) for each in numbered(cleaned(words.text), TEXT)]
        few = len(choices) <= _BUTTONS and all(len(each.title) <= _BUTTON_TITLE for each in choices)
        action = {"buttons": _buttons(choices)} if few else {"button": _LIST_BUTTON, "sections": [_rows(choices)]}
        *before, body = numbered(cleaned(words.text), _BODY_WITH_BUTTONS if few else TEXT)
        asked = {"type": "button" if few else "list", "body": {"text": body}, "action": action}
        return [*(_plain(each) for each in before), {"type": "interactive", "interactive": asked}]


def _filled(template: Template, words: Words) -> dict[str, Any]:
    values = [{"type": "text", "text": flattened(words.values.get(name, ""))} for name in template.values]
    components = [{"type": "body", "parameters": values}] if values else []
    return {
        "type": "template",
        "template": {
            "name": template.name,
            "language": {"code": template.language},
            **({"components": components} if components else {}),
        },
    }


def _plain(text: str) -> dict[str, Any]:
    return {"type": "text", "text": {"preview_url": False, "body": text}}


def flattened(value: str) -> str:
    """A value as a template takes it: one line, no runs of blanks, never empty, not too long."""
    one_line = _BLANKS.sub(" ", _BREAKS.sub(" · ", cleaned(value).strip()))
    return shortened(one_line, _VALUE) or "-"


def cleaned(text: str) -> str:
    """A text without control and reordering signs; lines and tabs stay."""
    return "".join(
        sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co")
    )


def _buttons(choices: tuple[Choice, ...]) -> list[dict[str, Any]]:
    return [{"type": "reply", "reply": {"id": each.id[:256], "title": each.title}} for each in choices]


def _rows(choices: tuple[Choice, ...]) -> dict[str, Any]:
    """Rows of a list; what does not fit in a title goes on in the description."""
    rows = []
    for each in choices:
        title, rest = each.title[:_ROW_TITLE], each.title[_ROW_TITLE:]
        if rest and " " in title.strip():
            head, _, tail = title.rpartition(" ")
            title, rest = head, tail + rest
        rows.append({"id": each.id[:200], "title": title, **({"description": rest.strip()[:72]} if rest else {})})
    return {"rows": rows}
