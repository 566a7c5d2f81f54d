"""The part of the style sheet that is made from reports.theme: one place for every colour, light and dark."""

from __future__ import annotations

from reports import theme

_PAGE = ("page", "panel", "text", "muted", "line", "link", "mark", "preferred", "down")


def css() -> str:
    """Variables of both page colours, the styles of skill categories, and the figures' colours on a dark page.

    Figures are drawn in light colours (as PNG they stay so); a dark page shows each colour's dark partner.
    """
    dark = [_variables(theme.DARK), _kinds(1)]
    dark += [_partner(light, partner) for light, partner in theme.darker().items()]
    inner = "\n".join(dark)
    return f"{_variables(theme.LIGHT)}\n{_kinds(0)}\n@media (prefers-color-scheme: dark) {{\n{inner}\n}}\n"


def _variables(colours: dict[str, str]) -> str:
    return f":root {{ {' '.join(f'--{name}: {colours[name]};' for name in _PAGE)} }}"


def _kinds(which: int) -> str:
    return "\n".join(f".kind-{i} {{ border-color: {pair[which]}; }}" for i, pair in enumerate(theme.CATEGORIES))


def _partner(light: str, dark: str) -> str:
    """Plotly writes colours as `rgb(1, 2, 3)` into styles, in patterns as attributes; text is left to `--text`."""
    written = f"rgb({int(light[1:3], 16)}, {int(light[3:5], 16)}, {int(light[5:7], 16)})"
    here = ".js-plotly-plot .main-svg"
    styled = [f'{here} [style*="{what}: {written}"] {{ {what}: {dark} !important; }}' for what in ("fill", "stroke")]
    return "\n".join([*styled, f'{here} pattern [stroke="{written}"] {{ stroke: {dark}; }}'])
