"""Two small charts as SVG, for the model card and the evaluation page: curves of precision and recall, calibration."""

from collections.abc import Sequence

SIZE = 220
EDGE = 34


def _at(x: float, y: float) -> str:
    span = SIZE - 2 * EDGE
    return f"{EDGE + x * span:.1f},{SIZE - EDGE - y * span:.1f}"


def _frame(inside: str, label: str, x: str, y: str) -> str:
    span = SIZE - 2 * EDGE
    ticks = "".join(
        f'<text x="{EDGE + t * span:.0f}" y="{SIZE - EDGE + 12}" text-anchor="middle">{t}</text>'
        f'<text x="{EDGE - 5}" y="{SIZE - EDGE - t * span + 3:.0f}" text-anchor="end">{t}</text>'
        for t in (0, 0.5, 1)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}" width="{SIZE}" height="{SIZE}" '
        f'role="img" aria-label="{label}" font-family="sans-serif" font-size="9" fill="currentColor">'
        f'<rect x="{EDGE}" y="{EDGE}" width="{span}" height="{span}" fill="none" stroke="currentColor" opacity=".4"/>'
        f'{ticks}<text x="{SIZE / 2}" y="{SIZE - 6}" text-anchor="middle">{x}</text>'
        f'<text x="10" y="{SIZE / 2}" text-anchor="middle" transform="rotate(-90 10 {SIZE / 2})">{y}</text>'
        f'<text x="{SIZE / 2}" y="20" text-anchor="middle" font-size="11">{label}</text>{inside}</svg>'
    )


def precision_recall(curve: Sequence[Sequence[float]], head: str) -> str:
    """The curve of rows (threshold, precision, recall)."""
    points = " ".join(_at(recall, precision) for _, precision, recall in curve)
    line = f'<polyline points="{points}" fill="none" stroke="#2563a8" stroke-width="1.8"/>'
    return _frame(line, f"{head}: precision and recall", "recall", "precision")


def calibration(rows: Sequence[Sequence[float]], head: str) -> str:
    """Bins as rows (share, mean probability, share of yes); the larger the bin, the larger its dot."""
    dots = "".join(
        f'<circle cx="{place[0]}" cy="{place[1]}" r="{2 + 9 * share**0.5:.1f}" fill="#2563a8" fill-opacity=".55"/>'
        for share, mean, yes in rows
        for place in [_at(mean, yes).split(",")]
    )
    start, end = _at(0, 0).split(","), _at(1, 1).split(",")
    line = f'<line x1="{start[0]}" y1="{start[1]}" x2="{end[0]}" y2="{end[1]}" stroke="currentColor" opacity=".35"/>'
    return _frame(line + dots, f"{head}: calibration", "probability", "share of yes")
