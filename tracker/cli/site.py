"""`tracker site`: the bones and joints that can be named."""

from __future__ import annotations

import click

from tracker.cli.options import json_option
from tracker.cli.render import print_json, print_table


@click.group("site")
def command() -> None:
    """Bones and joints by name.

    \b
    Example:
      tracker site list cuneiform
    """


@command.command("list")
@click.argument("part", metavar="[WORD]", required=False)
@json_option
def list_(part: str | None, json_wanted: bool) -> None:
    """List sites, or those with WORD in their name.

    \b
    Example:
      tracker site list cuneiform
    """
    from tracker.clinical.sites import all_sites

    sites = [site for site in all_sites() if part is None or part.lower() in f"{site.key} {site.label}".lower()]
    if json_wanted:
        print_json(sites)
        return
    print_table(
        ["site", "name", "level", "joint", "region", "SNOMED CT"],
        [(s.key, s.label, s.level, s.joint, s.region, s.snomed) for s in sites],
        empty=f"No site has '{part}' in its name. List all: tracker site list",
    )
