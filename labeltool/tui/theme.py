"""The two themes: calm ground, one accent for the focus, amber for what needs you."""

from __future__ import annotations

from collections.abc import Mapping

from textual.theme import Theme

DARK = Theme(
    name="labeltool-dark",
    dark=True,
    background="#15181c",
    surface="#15181c",
    panel="#1e2329",
    foreground="#d5d9de",
    primary="#6cb6c9",
    secondary="#8d97a3",
    accent="#6cb6c9",
    warning="#e0b35a",
    error="#e07b72",
    success="#86c08a",
    variables={
        "quiet": "#828d99",
        "faint": "#5f6a75",
        "rule": "#3a424c",
        "strong": "#f2f4f6",
        "focus": "#6cb6c9",
        "needs": "#e0b35a",
        "good": "#86c08a",
        "bad": "#e07b72",
        "row": "#1f262d",
    },
)

LIGHT = Theme(
    name="labeltool-light",
    dark=False,
    background="#fbfaf7",
    surface="#fbfaf7",
    panel="#f0eee8",
    foreground="#2c3138",
    primary="#0f6b80",
    secondary="#5f6872",
    accent="#0f6b80",
    warning="#8f5a00",
    error="#b3362b",
    success="#2f7a3a",
    variables={
        "quiet": "#68717b",
        "faint": "#9aa1a8",
        "rule": "#cfccc3",
        "strong": "#101418",
        "focus": "#0f6b80",
        "needs": "#8f5a00",
        "good": "#2f7a3a",
        "bad": "#b3362b",
        "row": "#eceae2",
    },
)


def chosen(env: Mapping[str, str], kept: str | None = None) -> str:
    """The theme's name: LABELTOOL_THEME (`light`, `dark`), else the one that the user keeps, else
    what COLORFGBG tells, else dark.
    """
    said = env.get("LABELTOOL_THEME", "").strip().lower() or kept
    if said in ("light", "dark"):
        return f"labeltool-{said}"
    ground = env.get("COLORFGBG", "").rpartition(";")[2]
    return LIGHT.name if ground in ("7", "15") else DARK.name
