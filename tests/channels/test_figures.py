"""What is measured of channels: each figure moves when what it counts happens."""

from channels.waiting import measure
from cli.providers.whatsapp import WhatsAppProvider
from services.notify import sending
from shared.platform.metrics import REGISTRY
from tests.channels.by_whatsapp import SITI, files_one
from tests.channels.line import Line
from tests.channels.talking import COMPLAINT


def figure(name: str, **labels: str) -> float:
    """A figure as it is shown now."""
    return REGISTRY.get_sample_value(f"aduan_{name}", labels) or 0.0


COUNTED = {
    "odd": ("channel_odd_total", {"channel": "whatsapp", "reason": "foreign_number"}),
    "confirmed": ("talk_filed_total", {"channel": "whatsapp", "by": "confirmed"}),
    "left": ("talk_filed_total", {"channel": "whatsapp", "by": "left"}),
    "kept": ("media_fetched_total", {"outcome": "kept"}),
    "later": ("media_fetched_total", {"outcome": "later"}),
    "refused": ("media_fetched_total", {"outcome": "refused"}),
    "gone": ("media_fetched_total", {"outcome": "gone"}),
    "delivered": ("letters_reported_total", {"channel": "whatsapp", "state": "delivered"}),
}


def test_what_channels_do_is_counted(cilacap: Line, whatsapp: WhatsAppProvider, photo: bytes) -> None:
    """Odd items by their reason, complaints by how they ended, files by what became of them, words of providers."""
    before = {name: figure(metric, **labels) for name, (metric, labels) in COUNTED.items()}
    files_one(cilacap, whatsapp)
    letter = whatsapp.letters_to(SITI)[-1]
    whatsapp.failing_downloads = 1
    gone = {"type": "image", "image": {"id": "gone", "sha256": ""}}
    whatsapp.deliver(
        whatsapp.change({"messages": [{"id": "w", "from": SITI, "timestamp": "1"}]}, number="1"),
        *(whatsapp.status(letter, "delivered") for _ in range(2)),
        whatsapp.photo("6281234567891", photo, caption=COMPLAINT, name="Budi"),
        whatsapp.photo("6281234567891", b"MZ\x90 no photo"),
        whatsapp.message("6281234567891", gone),
    )
    cilacap.works()
    whatsapp.deliver(whatsapp.press("6281234567891", "Ya, kirim"))
    cilacap.works()
    cilacap.later(minutes=31)
    cilacap.works()
    grown = {name: figure(metric, **labels) - before[name] for name, (metric, labels) in COUNTED.items()}
    assert dict.fromkeys(COUNTED, 1) == grown


def test_what_waits_and_what_is_shut_is_shown(cilacap: Line, whatsapp: WhatsAppProvider) -> None:
    """For how long the first message waits, and whether an account is left alone: back to nothing when it is over."""
    carriers = sending.carriers_of(cilacap.runtime)
    whatsapp.refusals = [190]
    whatsapp.deliver(whatsapp.text(SITI, COMPLAINT))
    cilacap.settled()
    measure(cilacap.runtime)
    assert figure("heard_waiting_seconds") > 59
    cilacap.works()
    measure(cilacap.runtime)
    carriers.measure()
    shut = figure("carrier_shut", tenant="cilacap", channel="whatsapp")
    assert (0, 1) == (figure("heard_waiting_seconds"), shut)
    carriers._paces.clear()  # as after the breaker's pause
    cilacap.works()
    carriers.measure()
    assert 0 == figure("carrier_shut", tenant="cilacap", channel="whatsapp")
