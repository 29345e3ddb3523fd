"""A branch of one's own, offered with the first decision on the default branch of a remote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from labeltool.commands.context import Context
from labeltool.errors import LabeltoolError

Answer = Literal["switch", "stay", "never"]


@dataclass(frozen=True, slots=True)
class Offer:
    """`branch` instead of `default`, the branch that is checked out."""

    branch: str
    default: str
    there: bool
    """Whether `branch` exists already."""

    @property
    def command(self) -> str:
        """What a person types to take it."""
        return f"git switch {'' if self.there else '-c '}{self.branch}"


def branch_offer(ctx: Context, annotator: str) -> Offer | None:
    """The branch to offer `annotator` now; None where there is nothing to offer.

    An offer that cannot be made (a prefix that is no branch's) is none: `check` tells of settings.
    """
    try:
        default = ctx.history.default_branch_here()
        if default is None:
            return None
        name = f"{ctx.workspace.settings.branches.prefix}{annotator}"
        there = ctx.history.has_branch(name)
    except LabeltoolError:
        return None
    return None if name == default else Offer(name, default, there)
