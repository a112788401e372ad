"""`tracker word`: the codes of the open lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tracker.cli.options import json_option
from tracker.cli.render import print_json, print_table

if TYPE_CHECKING:
    from tracker.clinical.word_lists import CodedWord

_LISTS = ("lab", "treatment", "cause", "scale", "item")


@click.group("word")
def command() -> None:
    """Codes of laboratory values, treatments, causes, function scales and checklist items.

    \b
    Example:
      tracker word list lab
    """


@command.command("list")
@click.argument("name", metavar="LIST", type=click.Choice(_LISTS))
@json_option
def list_(name: str, json_wanted: bool) -> None:
    """List the codes of a list: lab, treatment, cause, scale or item.

    \b
    Example:
      tracker word list treatment
    """
    from tracker.clinical.word_lists import WordList, word_list

    words = word_list(WordList(name))
    if json_wanted:
        print_json(words)
        return
    rows = [
        (word.code, word.label, " ".join(filter(None, (word.checklist, word.group, word.part))) or None, _holds(word))
        for word in words
    ]
    print_table(["code", "label", "group", "holds"], rows, empty="")


def _holds(word: CodedWord) -> str | None:
    if word.low is not None and word.high is not None:
        return f"{word.low:g} to {word.high:g}, {word.better} is better"
    return " or ".join(word.units) or None
