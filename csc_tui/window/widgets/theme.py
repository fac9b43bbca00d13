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
    accent="#8a4c00",
    warning="#8a4c00",
    error="#b3372e",
    success="#1f7a45",
    foreground="#0a0f14",
    background="#f6f7f8",
    surface="#eceff1",
    panel="#e3e8eb",
    dark=False,
    variables={
        "block-cursor-background": "#1d6a9e",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-blurred-background": "#cfdbe3",
        "block-cursor-blurred-foreground": "#0a0f14",
    },
)

CONTRAST = Theme(
    name="csc-contrast",
    primary="#7fd4ff",
    secondary="#ffffff",
    accent="#ffe100",
    warning="#ffe100",
    error="#ff9d94",
    success="#7dff9b",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#000000",
    dark=True,
    variables={
        "block-cursor-background": "#ffe100",
        "block-cursor-foreground": "#000000",
        "block-cursor-blurred-background": "#ffffff",
        "block-cursor-blurred-foreground": "#000000",
        "input-selection-background": "#00557f",
        "text-primary": "#7fd4ff",
        "text-accent": "#ffe100",
        "text-warning": "#ffe100",
        "text-error": "#ff9d94",
        "text-success": "#7dff9b",
        "text-disabled": "#b5b5b5",
        "error-muted": "#000000",
    },
)

MONOCHROME = Theme(
    name="csc-mono",
    primary="#ffffff",
    secondary="#8a8a8a",
    accent="#ffffff",
    warning="#ffffff",
    error="#ffffff",
    success="#d0d0d0",
    foreground="#e4e4e4",
    background="#000000",
    surface="#121212",
    panel="#262626",
    dark=True,
    variables={
        "block-cursor-background": "#d0d0d0",
        "block-cursor-foreground": "#000000",
        "block-cursor-blurred-background": "#3a3a3a",
        "block-cursor-blurred-foreground": "#ffffff",
        "input-selection-background": "#585858",
        "text-primary": "#ffffff",
        "text-accent": "#ffffff",
        "text-warning": "#ffffff",
        "text-error": "#ffffff",
        "text-success": "#d0d0d0",
        "error-muted": "#262626",
    },
)

THEMES = {"dark": DARK, "light": LIGHT, "high contrast": CONTRAST, "monochrome": MONOCHROME}
"""Word in the palette and the settings file -> theme."""

HEIGHTS = [(0, "-short"), (32, "-tall")]
"""The least height in lines -> the class every screen then has."""


def without_colours() -> bool | None:
    """Return True where NO_COLOR is set, else None; Textual drops all colours only for an App of ANSI colours."""
    return True if "NO_COLOR" in os.environ else None
