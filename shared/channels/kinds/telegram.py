"""Telegram by its bot API: private chats only. Source: core.telegram.org/bots/api."""

import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from marshmallow import Schema, fields, validate

from shared.base.whole_numbers import whole_number
from shared.channels.carrier import Enclosure, Maybe, Refused, Taken, Traits, Words
from shared.channels.http import ask, busy, content_of, json_of, session
from shared.channels.incoming import (
    FORWARDED,
    Answer,
    Fetched,
    Heard,
    HeardKind,
    MediaGone,
    MediaRef,
    Odd,
    Raw,
    Reported,
    Request,
    Sender,
    Unsigned,
)
from shared.channels.kinds.parsing import instant, json_object, no_delivery, part, text
from shared.channels.kinds.telegram_delivery import Updates, hook_faults
from shared.channels.kinds.telegram_messages import letter_id, said_in
from shared.channels.parts import SaidSoFar, numbered
from shared.channels.registry import Channel, Spec
from shared.channels.registry import ChannelPlace as Standing
from shared.channels.secrets import Secrets
from shared.channels.spans import Span
from shared.domain.sop.reading.schema import WordField

API: Final = "https://api.telegram.org"
_TEXT: Final = 4096
_DATA_BYTES: Final = 64
_MOST_FETCHED: Final = 20 * 1024 * 1024
"""Bytes: of what is larger a bot is told, and not given it."""
_HEADER: Final = "x-telegram-bot-api-secret-token"


class _Options(Schema):
    api = WordField(load_default=API)
    bot = WordField(required=True, pattern=r"[A-Za-z0-9_]{3,64}\Z", remedy="the bot's name, without @")
    rate = fields.Float(load_default=25.0, validate=validate.Range(0.1, 30))
    poll = Span(load_default=None, validate=validate.Range(timedelta(seconds=1), timedelta(hours=1)))


class TelegramKind:
    """The kind."""

    options = _Options

    def build(self, spec: Spec, place: Standing, secrets: Secrets) -> Channel:
        """The channel."""
        options, every = spec.options, spec.options["poll"]
        hook = "" if every else place.hook
        bot = _Bot(str(options["api"]).rstrip("/"), str(options["bot"]), float(options["rate"]), hook, secrets)
        return Channel(spec, bot, {bot.name: bot}, bot, polled=Updates(bot.call, every) if every else None)


class _Bot:
    """A bot: its way in, its way out, and its files.

    :param hook: our address to which its updates are delivered; blank where they are fetched.
    """

    def __init__(self, api: str, name: str, rate: float, hook: str, secrets: Secrets) -> None:
        self.name = name
        self._hook = hook
        self._api = api
        self._secrets = secrets
        self._client = session()
        self._begun = SaidSoFar()
        self.traits = Traits(text=_TEXT, choices=10, files=True, numbers=True, rate=rate)

    def verify(self, request: Request, now: datetime) -> None:  # noqa: ARG002 - no time is signed
        """By the word that was given when the hook was set."""
        given = request.headers.get(_HEADER, "")
        if not hmac.compare_digest(given.encode("utf-8", "replace"), self._secrets.get("secret_token").encode()):
            raise Unsigned("wrong_token")

    def split(self, request: Request) -> Sequence[Raw]:
        """One update a delivery."""
        update = json_object(request.body)
        if "update_id" not in update:
            return no_delivery(request, "not_an_update")
        return [update]

    def item_id(self, raw: Raw) -> str:
        """The message's own id within its chat; of a press or an edit, apart from it.

        Of an edit no more is told than the second in which it was made: two of one second are known by their updates.
        """
        if "callback_query" in raw:
            return f"press:{text(part(raw, 'callback_query').get('id'), 100)}"
        message = part(raw, "message") or part(raw, "edited_message")
        if not message:
            return f"update:{raw.get('update_id')}"
        id_ = letter_id(message)
        return f"{id_}:{raw.get('update_id')}" if "edited_message" in raw else id_

    def read(self, raw: Raw) -> Heard | Reported | Odd:
        """One update."""
        if "odd" in raw:
            return Odd(text(raw["odd"]))
        if "my_chat_member" in raw:  # blocked or let in again: what is sent next is refused, or is not
            return Odd("membership")
        pressed = part(raw, "callback_query")
        if pressed:
            message = part(pressed, "message")
            said: tuple[HeardKind, dict[str, Any]] = ("choice", {"choice": text(pressed.get("data"), 100)})
            # The message is ours, and so is its time; of the press none is told.
            return self._heard(raw, part(pressed, "from"), message, None, said)
        edited = part(raw, "edited_message")
        if edited:
            said = ("edit", {"text": text(edited.get("text") or edited.get("caption")), "quotes": letter_id(edited)})
            return self._heard(raw, part(edited, "from"), edited, edited.get("edit_date"), said)
        message = part(raw, "message")
        return self._heard(raw, part(message, "from"), message, message.get("date"), said_in(message))

    def answer(self, request: Request) -> Answer:
        """A press is answered at once, in the same breath; of anything else it is enough that it was taken."""
        pressed = text(part(json_object(request.body), "callback_query").get("id"), 100)
        if not pressed:
            return Answer(200)
        body = {"method": "answerCallbackQuery", "callback_query_id": pressed}
        return Answer(200, json.dumps(body).encode(), "application/json")

    def send(self, to: str, words: Words, *, key: str, quotes: str = "", window_until: datetime | None = None) -> Taken:  # noqa: ARG002 - as every carrier
        """By ``sendMessage``, as plain text: nobody's words are taken for formatting. What is long goes in parts."""
        *before, last = numbered(words.text, _TEXT)
        # Files before the words: what fails there is tried again, and the words are not said twice.
        pieces: list[Enclosure | str] = [*words.files, *before]
        self._begun.hand_over(key, pieces, lambda each: self._send_part(to, each))
        letter: dict[str, Any] = {"chat_id": to, "text": last}
        if words.choices:
            letter["reply_markup"] = _keyboard(words)
        elif words.place or words.number:
            what = "request_location" if words.place else "request_contact"
            button = {"text": words.place or words.number, what: True}
            letter["reply_markup"] = {"keyboard": [[button]], "one_time_keyboard": True, "resize_keyboard": True}
        data = self.call("sendMessage", letter)
        taken = part(data, "result")
        if not isinstance(taken.get("message_id"), int):
            raise Maybe("no_id_in_answer")
        self._begun.is_done(key)
        return Taken(letter_id(taken))

    def _send_part(self, to: str, piece: Enclosure | str) -> None:
        if isinstance(piece, Enclosure):
            self.call("sendDocument", {"chat_id": to}, {"document": (piece.name, piece.content, piece.type)})
        else:
            self.call("sendMessage", {"chat_id": to, "text": piece})

    def check(self) -> list[str]:
        """The token is a bot's, and the bot is this one; its hook is ours, and takes what is delivered."""
        found = part(self.call("getMe", {}), "result").get("username")
        if found != self.name:
            return [f"the token is of another bot than {self.name}"]
        if not self._hook:
            return []
        self._secrets.get("secret_token")
        return [*hook_faults(self.call, self._hook)]

    def fetch(self, media: MediaRef, most: int) -> Fetched:
        """By ``getFile``, and from where that says."""
        if media.size > min(most, _MOST_FETCHED):
            raise MediaGone("too_large")
        try:
            found = part(self.call("getFile", {"file_id": media.id}), "result")
        except Refused as refused:
            if refused.remedy == "later":
                raise Maybe(refused.code) from None
            raise MediaGone("gone") from None
        path, size = text(found.get("file_path"), 300), found.get("file_size")
        if not path or ".." in path:
            raise MediaGone("gone")
        if isinstance(size, int) and size > most:
            raise MediaGone("too_large")
        try:
            url = f"{self._api}/file/bot{self._secrets.get('bot_token')}/{path}"
            answer = ask(self._client, "GET", url, stream=True)
        except Refused as refused:
            raise Maybe(refused.code) from None
        return Fetched(content_of(answer, most))

    def call(
        self, name: str, arguments: dict[str, Any], files: Mapping[str, tuple[str, bytes, str]] | None = None
    ) -> dict[str, Any]:
        """Call a method. Its address holds the token, and is therefore told to nobody.

        :param files: that go with it, by the names of its arguments: name, content and media type.
        """
        url = f"{self._api}/bot{self._secrets.get('bot_token')}/{name}"
        body: dict[str, Any] = {"data": arguments, "files": files} if files else {"json": arguments}
        answer = ask(self._client, "POST", url, **body)
        data = json_of(answer)
        if answer.status_code == 200 and data.get("ok") is True:
            return data
        code = f"http_{answer.status_code}"
        seconds = part(data, "parameters").get("retry_after")
        if answer.status_code == 429:
            raise Refused(code, "later", whole_number(str(seconds)) or 5.0)
        if answer.status_code >= 500:
            raise busy(answer)
        if answer.status_code < 300:
            raise Maybe("unknown_answer")
        if answer.status_code in (401, 404):
            raise Refused(code, "shut")
        gone = answer.status_code == 403 or "chat not found" in text(data.get("description")).lower()
        raise Refused(code, "other_way" if gone else "never")

    def _heard(
        self,
        raw: Raw,
        sender: Mapping[str, Any],
        message: Mapping[str, Any],
        at: object,
        said: tuple[HeardKind, dict[str, Any]],
    ) -> Heard | Odd:
        chat = part(message, "chat")
        if chat.get("type") != "private":
            return Odd("not_a_private_chat")
        if not isinstance(sender.get("id"), int) or sender.get("is_bot"):
            return Odd("no_person")
        kind, told = said
        names = filter(None, (text(sender.get("first_name"), 50), text(sender.get("last_name"), 50)))
        replied = part(message, "reply_to_message")
        quotes = {"quotes": letter_id(replied)} if replied and kind != "edit" else {}
        note = {"note": FORWARDED} if message.get("forward_origin") or message.get("forward_date") else {}
        return Heard(
            account=self.name,
            message_id=self.item_id(raw),
            sender=Sender({"telegram": str(sender["id"])}, str(chat.get("id")), " ".join(names)),
            at=instant(at),
            kind=kind,
            **{**quotes, **note, **told},
        )


def _keyboard(words: Words) -> dict[str, Any]:
    """Buttons beneath the message; of choices whose ids are too long for that, buttons that write their title."""
    if all(len(each.id.encode()) <= _DATA_BYTES for each in words.choices):
        return {"inline_keyboard": [[{"text": each.title, "callback_data": each.id}] for each in words.choices]}
    return {"keyboard": [[{"text": each.title}] for each in words.choices], "one_time_keyboard": True}


kind = TelegramKind()
