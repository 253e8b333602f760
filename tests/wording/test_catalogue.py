"""The catalogue of sentences, held against the code that uses it."""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.base.errors import AduanError, Conflict, Forbidden, Invalid, NotFound
from shared.domain.complaint.schema import REPORTER_ACTIONS
from shared.wording.catalogue import LANGUAGES, Sentences, catalogue, placeholders
from shared.wording.codes import field_message, split_message

_ROOT = Path(__file__).resolve().parents[2]
_ERRORS = {"Invalid", "NotFound", "Forbidden", "Conflict", "Unavailable", "Unauthenticated", "TooManyAttempts"}
_CHECKS = ("shared/domain/sop/checking/", "shared/domain/whatif/", "shared/channels/checking.py")
_FINDINGS = {"Finding": 1, "_of_file": 1, "_at": 2}
"""What makes a finding, and where its code stands among the arguments."""
_CHOICES = {"one_of", "not_among"}
_LOOKED_AT = {*_ERRORS, *_CHOICES, *_FINDINGS}
from shared.domain.dossier.arranged import ARRANGED
from shared.domain.dossier.beside import BESIDE
from shared.domain.sop.authority import NO_ACTION, action_names
from tests.dossier.story import TENANTS


def _made() -> Iterator[tuple[str, ast.Call]]:
    """Every place where an error is made."""
    return ((place, call) for place, name, call in _calls() if name in _ERRORS)


@cache
def _calls() -> list[tuple[str, str, ast.Call]]:
    """Every call by a plain name that matters here: the place, the name, and the call."""
    return [
        (f"{file.relative_to(_ROOT)}:{node.lineno}", node.func.id, node)
        for room in ("shared", "services", "portal", "cli")
        for file in sorted((_ROOT / room).rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _LOOKED_AT
    ]


def _messages(call: ast.Call) -> Iterator[str]:
    """The codes of field messages that stand in the call itself."""
    for keyword in call.keywords:
        if keyword.arg == "fields" and isinstance(keyword.value, ast.Dict):
            for part in (each for value in keyword.value.values for each in ast.walk(value)):
                if isinstance(part, ast.List):
                    yield from map(_code, part.elts)


def _code(message: ast.expr) -> str:
    match message:
        case ast.Constant(value=str(code)) | ast.JoinedStr(values=[ast.Constant(value=str(code)), *_]):
            return code.split("?")[0]
        case ast.Call(args=[ast.Constant(value=str(code)), *_]):
            return code
        case ast.Call(func=ast.Name(id="not_among"), args=[_, *codes]):
            return _code(codes[0]) if codes and isinstance(codes[0], ast.Constant) else "not_a_choice"
    return ast.unparse(message)


def test_every_error_has_its_sentence() -> None:
    """No code is raised anywhere in the project for which there is no sentence."""
    known = catalogue().errors
    codes = [
        (place, call.args[0].value)
        for place, call in _made()
        if call.args and isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)
    ]

    assert codes
    assert [] == [(place, code) for place, code in codes if code not in known]


def test_every_field_message_has_its_sentence() -> None:
    """No field is found fault with in a word that the catalogue does not know."""
    known = catalogue().fields
    codes = [(place, code) for place, call in _made() for code in _messages(call)]

    assert codes
    assert [] == [(place, code) for place, code in codes if code not in known]


def test_every_choice_has_its_sentence() -> None:
    """Where a choice is refused in words of its own, they name what there is to choose from."""
    calls = [call for _, name, call in _calls() if name in _CHOICES]
    codes = {call.args[-1].value for call in calls if isinstance(call.args[-1], ast.Constant)}

    assert {"unknown_agency", "unknown_actor"} <= codes
    assert [] == [code for code in codes if "choices" not in placeholders(catalogue().fields[str(code)]["id"])]


def test_every_finding_of_a_check_has_its_sentence() -> None:
    """What `aduan sop check` finds is told to administrators in their language; no sentence is for nothing."""
    found = {
        code.value
        for place, name, call in _calls()
        if name in _FINDINGS and place.startswith(_CHECKS) and len(call.args) > _FINDINGS[name]
        if isinstance(code := call.args[_FINDINGS[name]], ast.Constant)
    }

    assert "unreachable_step" in found
    assert found == set(catalogue().findings)


@pytest.mark.parametrize("part", ["titles", "errors", "fields", "findings"])
def test_both_languages_say_the_same(part: str) -> None:
    """Each sentence stands in both languages, with the same values, and is not left in the other's words."""
    sentences: Mapping[object, Sentences] = getattr(catalogue(), part)

    assert sentences
    for code, worded in sentences.items():
        assert set(LANGUAGES) == set(worded), code
        assert placeholders(worded["id"]) == placeholders(worded["en"]), code
        assert worded["id"] != worded["en"], code


def test_a_sentence_takes_its_values() -> None:
    """An error's values stand in its sentence, in the language asked for."""
    error = Conflict("not_allowed_here", {"action": "answer", "allowed": "dispose, return"})

    assert [
        "Tindakan menjawab tidak dapat dilakukan sekarang. Yang dapat Anda lakukan: mendisposisikan, mengembalikan.",
        "The action answer is not possible now. You may do: dispose, return.",
    ] == [catalogue().sentence(error, language) for language in LANGUAGES]


@pytest.mark.parametrize(
    ("most", "said"),
    [
        (10 * 2**20, ["10 MB", "10 MB"]),
        (5 * 2**19, ["2,5 MB", "2.5 MB"]),
        (1500 * 2**20, ["1.500 MB", "1,500 MB"]),
        (200 * 2**10, ["200 KB", "200 KB"]),
        (512, ["512 byte", "512 bytes"]),
    ],
)
def test_sizes_are_told_as_people_read_them(most: int, said: list[str]) -> None:
    """Nobody counts the bytes of a photo; and each language has its comma."""
    file = Invalid("invalid_fields", fields={"file": [field_message("file_too_large", max=most)]})
    told = [catalogue().field_sentences(file, language)["file"][0] for language in LANGUAGES]
    whole = [catalogue().sentence(Invalid("too_large", {"most": most}), language) for language in LANGUAGES]

    assert [f"Berkas ini lebih besar dari {said[0]}.", f"The file is larger than {said[1]}."] == told
    assert [f"Isi permintaan lebih besar dari {said[0]}.", f"The body is larger than {said[1]}."] == whole


@pytest.mark.parametrize(("language", "said"), [("id", "lakukan: tidak ada."), ("en", "do: nothing.")])
def test_that_nothing_may_be_done_is_said_in_words(language: str, said: str) -> None:
    """Whoever may do nothing now does not read a dash."""
    error = Conflict("not_allowed_here", {"action": "reply", "allowed": "-"})

    assert catalogue().sentence(error, language).endswith(said)


def test_a_citizens_actions_are_named_in_their_language() -> None:
    """Whoever may complete a complaint is not told of "supplement"."""
    allowed = ", ".join(REPORTER_ACTIONS)
    in_indonesian = "melengkapi, membalas, menilai, mencabut, membuka kembali, menyatakan selesai"
    error = Conflict("not_allowed_here", {"action": "rate", "allowed": allowed})

    assert [
        f"Tindakan menilai tidak dapat dilakukan sekarang. Yang dapat Anda lakukan: {in_indonesian}.",
        f"The action rate is not possible now. You may do: {allowed}.",
    ] == [catalogue().sentence(error, language) for language in LANGUAGES]


def test_every_action_of_every_procedure_has_its_word() -> None:
    """No sentence mixes names of the API with words: every action of all SOPs, and those beside their steps."""
    procedures = [sop for tenant in TENANTS.all() for sop in tenant.sops.values()]
    names = {name for sop in procedures for name in action_names(sop)}

    assert set() == {*names, *ARRANGED, *BESIDE, *REPORTER_ACTIONS, NO_ACTION, "-"} - set(catalogue().actions)


def test_values_are_text_and_nothing_more() -> None:
    """A value that looks like a placeholder, or is missing, changes nothing else in the sentence."""
    error = Conflict("not_allowed_here", {"action": "{allowed.__class__}"})

    assert "The action {allowed.__class__} is not possible now. You may do: …." == catalogue().sentence(error, "en")


def test_an_unknown_code_is_no_riddle() -> None:
    """A code that the catalogue lacks is told by the name of its status, a field's as not valid."""
    error = Forbidden("a_code_of_tomorrow", fields={"name": ["also_of_tomorrow"]})

    assert "Not allowed" == catalogue().sentence(error, "en")
    assert {"name": ["This is not valid."]} == catalogue().field_sentences(error, "en")


def test_field_messages_take_their_values() -> None:
    """A field's message carries its values through a service's answer to the reader's language."""
    error = Invalid("invalid_fields", fields={"title": [field_message("too_long", max=200)]})

    assert {"title": ["Terlalu panjang: paling banyak 200 karakter."]} == catalogue().field_sentences(error, "id")


@given(st.dictionaries(st.from_regex(r"[a-z]{1,8}", fullmatch=True), st.text(max_size=20), max_size=3))
def test_a_field_message_survives_its_journey(params: dict[str, str]) -> None:
    """Whatever the values are, they come out of the string as they went in."""
    assert ("too_long", params) == split_message(field_message("too_long", **params))


def test_unknown_and_forbidden_are_not_told_apart() -> None:
    """The sentence for a ticket that is not there is the one for a wrong code."""
    error: AduanError = NotFound("unknown_ticket")

    assert "nomor tiket dan kode lacak" in catalogue().sentence(error, "id")


@pytest.mark.parametrize(
    ("code", "remedy"),
    [
        ("not_an_object", '{"name": "Siti"}'),
        ("not_a_list", '["'),
        ("not_a_whole_number", "3"),
        ("not_a_number", "-7.4"),
    ],
)
def test_what_is_of_another_kind_is_told_with_an_example(code: str, remedy: str) -> None:
    """Whoever wrote 3.0, "3" or [] reads what to write, in both languages."""
    refused = Invalid("invalid_fields", fields={"field": [code]})

    assert all(remedy in catalogue().field_sentences(refused, language)["field"][0] for language in ("id", "en"))
