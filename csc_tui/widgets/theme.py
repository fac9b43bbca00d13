"""The window's own colours, dark and light, and the heights it is laid out for."""

import os

from textual.theme import Theme

DARK = Theme(
    name="csc-dark",
    primary="#4c9bd6",
    secondary="#3c6e8f",
    accent="#f2b45a",
    warning="#f2b45a",
    error="#e8746a",
    success="#6cc08b",
    foreground="#dfe5ea",
    background="#12181d",
    surface="#1a2229",
    panel="#232d36",
    dark=True,
    variables={
        "block-cursor-background": "#2b5d84",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-blurred-background": "#27323c",
        "block-cursor-blurred-foreground": "#dfe5ea",
        "input-selection-background": "#4c9bd6 35%",
    },
)

LIGHT = Theme(
    name="csc-light",
    primary="#1d6a9e",
    secondary="#4c86a8",
    accent="#a35b00",
    warning="#a35b00",
    error="#b3372e",
    success="#1f7a45",
    foreground="#1c2329",
    background="#f6f7f8",
    surface="#eceff1",
    panel="#dde3e7",
    dark=False,
    variables={
        "block-cursor-background": "#1d6a9e",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-blurred-background": "#cfdbe3",
        "block-cursor-blurred-foreground": "#1c2329",
    },
)

HEIGHTS = [(0, "-short"), (32, "-tall")]
"""Classes of every screen by its height in lines."""


def without_colours() -> bool | None:
    """What an App is to be told of colours: with NO_COLOR, Textual drops them all only for an App of ANSI colours."""
    return True if "NO_COLOR" in os.environ else None
