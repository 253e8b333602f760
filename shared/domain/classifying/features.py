"""What the model sees of a text: words of the language and of the catalogue, never names."""

from collections.abc import Iterator, Sequence

from shared.domain.classifying.language import language
from shared.domain.classifying.lexicon import Hit
from shared.domain.classifying.reading import Word


def topic_features(words: Sequence[Word]) -> frozenset[str]:
    """For the category: stems and neighbouring stems; those that only tell the place are marked with ``@``."""
    said = [word for word in words if not word.name and (word.ends or word.word not in language().joining)]
    return frozenset(_stems_of(said))


def class_features(words: Sequence[Word], hits: Sequence[Hit]) -> frozenset[str]:
    """For the class: stems and neighbouring stems with those that join, how it begins and ends, the words found."""
    said = [word for word in words if not word.name]
    spoken = [word for word in said if not word.ends]
    found = set(_stems_of(said))
    found |= {f"^{word.stem}" for word in spoken[:3]} | {f"{word.stem}$" for word in spoken[-1:]}
    found |= {"?"} if any(word.word == "?" for word in said) else set()
    asks = {"bisa", "boleh", "ada", "benar", "betul", "perlu", "buka"} & {word.stem for word in spoken}
    found |= {f"{word}...tidak" for word in asks if any(last.stem == "tidak" for last in spoken[-2:])}
    counts: dict[str, float] = {}
    for hit in hits:
        if hit.entry.kind == "classification":
            counts[hit.entry.target] = counts.get(hit.entry.target, 0.0) + hit.weight
    found |= {f"={name}" for name, count in counts.items() if count >= 1}
    found |= {f"={name}+" for name, count in counts.items() if count >= 2}
    if any(hit.entry.kind != "classification" for hit in hits):
        found.add("topic")
    return frozenset(found)


def _stems_of(words: Sequence[Word]) -> Iterator[str]:
    before = None
    for word in words:
        if word.ends:
            before = None
            continue
        here = f"@{word.stem}" if word.place else word.stem
        yield here
        if before is not None:
            yield f"{before} {here}"
        before = here
