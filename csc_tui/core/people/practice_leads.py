"""Practice Leads are the members of their group: a mark in a form or a file joins or leaves it."""

from collections.abc import Mapping

from csc_tui.base.context import Context
from db import groups

MEMBER = "member"
"""The role of somebody who becomes a practice lead through a form or a file."""


def follow_practice_lead_marks(ctx: Context, marks: Mapping[int, bool]) -> None:
    """Let people join or leave the group of Practice Leads as their mark says, by person id; inside a transaction.

    Where there is no such group, the mark alone is kept.
    """
    group_id = groups.fetch_practice_lead_group()
    if group_id is None or not marks:
        return
    current = groups.fetch_current_practice_leads(list(marks))
    for person_id, marked in marks.items():
        memberships = current.get(person_id, [])
        if marked and not memberships:
            groups.insert_membership(group_id, person_id, MEMBER, ctx.today())
        elif not marked:
            for each in memberships:
                groups.update_membership(each, left_on=max(ctx.today(), each.joined))
