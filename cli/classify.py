"""``aduan classify``: how well complaints are classified by their words, and the model beside the words made anew."""

from pathlib import Path

import click

from cli.installation import data_option, running, settings_for
from shared.application.dispositions import disposed_texts
from shared.domain.all_tenants import Tenants
from shared.domain.classifying.classify import classify
from shared.domain.classifying.corpus import HALVES, Corpus, load_corpus
from shared.domain.classifying.measuring import Measured, Owner, measure
from shared.domain.classifying.model import dump_model
from shared.domain.classifying.training import train
from shared.domain.sop.annexes import Classification
from shared.domain.sop.reading.loader import Keywords, load_classification, load_keywords

SHOWN = 8
"""Confusions shown of each half."""


@click.group()
def command() -> None:
    """The classification of complaints by their words."""


@command.command()
@click.option("--tenant", help="With this government's words and offices; the shared words if not given.")
@click.option("--half", type=click.Choice(HALVES), help="This half of the corpus only.")
def check(tenant: str | None, half: str | None) -> None:
    """Classify the labelled texts, and print how many are right, and how many would go to a wrong agency by themselves.

    What the words and the model are made from is the half `tuning`; the half `untouched` tells how well they do.
    """
    corpus = _corpus()
    classification, owner = _rules_of(tenant)
    chosen = [half] if half else HALVES
    click.echo(f"corpus {corpus.version}, model {classification.model.version if classification.model else '-'}")
    click.echo(f"{'':10}{'texts':>6}{'class':>8}{'category':>10}{'astray':>8}{'asked':>8}")
    found = {each: measure(classification, corpus.halves[each], owner) for each in chosen}
    if not half:
        found["all"] = measure(classification, [text for each in HALVES for text in corpus.halves[each]], owner)
    for name, figures in found.items():
        click.echo(_line(name, figures))
    for name in chosen:
        click.echo(f"\nmost confused, {name}:")
        worst = [*found[name].confused_classes, *found[name].confused_categories]
        for (is_, taken), count in sorted(worst, key=lambda item: -item[1])[:SHOWN]:
            click.echo(f"{count:4}  {is_} taken for {taken}")


@command.command(name="train")
@click.option("--from", "tenants", multiple=True, help="Learn also from what officers of this government decided.")
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="The file that keywords.yaml names if not given."
)
@data_option
def train_model(tenants: tuple[str, ...], output: Path | None, data: Path | None) -> None:
    """Make the model anew from the corpus's half `tuning`, and from past dispositions where asked for.

    Needs scikit-learn: pip install 'aduan[train]'. From past dispositions only words are learned that stand in the
    dictionary or the catalogue and occur in several complaints, so that no name gets into the file.
    """
    corpus, keywords = _corpus(), _keywords()
    target = output or keywords.model
    if target is None:
        raise click.UsageError("keywords.yaml names no model: add `model: model.json` to it, or give --output")
    past = []
    if tenants:
        with running(data) as runtime:
            past = [text for tenant in tenants for text in disposed_texts(runtime, tenant)]
    version = f"{corpus.version}.{len(corpus.halves['tuning'])}" + (f"+{len(past)}" if past else "")
    try:
        model = train(keywords.rules, corpus.halves["tuning"], version, past)
    except ModuleNotFoundError as error:
        raise click.ClickException("training needs scikit-learn: pip install 'aduan[train]'") from error
    target.write_text(dump_model(model), encoding="utf-8")
    click.echo(f"model {version} written to {target}; `aduan classify check` tells how well it does")


@command.command()
@click.argument("text")
@click.option("--tenant", help="With this government's words; the shared words if not given.")
def explain(text: str, tenant: str | None) -> None:
    """Classify TEXT, and tell why."""
    found = classify(_rules_of(tenant)[0], text)
    click.echo(f"class     {found.classification or '-'}")
    click.echo(f"category  {found.category or '- (a person decides)'}")
    for reason in found.reasons:
        click.echo(f"          {reason}")


def _reference() -> Path:
    return Path(settings_for(None).tenants_dir) / "_reference"


def _corpus() -> Corpus:
    return load_corpus(_reference() / "corpus.yaml", _reference() / "categories.csv")


def _keywords() -> Keywords:
    return load_keywords(_reference() / "keywords.yaml")


def _rules_of(tenant_id: str | None) -> tuple[Classification, Owner]:
    """The rules, and who gets a category by itself; with the shared words alone each category has its own office."""
    if tenant_id is None:
        return load_classification(_reference() / "keywords.yaml", "complaint"), lambda category: category
    tenant = Tenants(settings_for(None).tenants_dir).get(tenant_id)

    def owner(category: str | None) -> str | None:
        agency = tenant.agency_for(category)
        return agency.id if agency else None

    return tenant.sop.classification, owner


def _line(name: str, figures: Measured) -> str:
    shares = (figures.classes, figures.categories, figures.astray, figures.asked)
    widths = (8, 10, 8, 8)
    return f"{name:10}{figures.texts:6}" + "".join(
        f"{figures.share(count):{width}.1%}" for count, width in zip(shares, widths, strict=True)
    )
