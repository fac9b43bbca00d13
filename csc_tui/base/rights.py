"""Rights to see a field of a person: the lowest role for each that is more than name, contact and workplace."""

from csc_tui.base.context import Context
from db.records.startup import Role

NEEDS_ROLE = Role.BOOKER
"""The lowest role that may see dietary and access needs, one person's or everybody's."""


def may_see_needs(ctx: Context) -> bool:
    """Return whether the actor may see dietary and access needs."""
    return ctx.role >= NEEDS_ROLE
