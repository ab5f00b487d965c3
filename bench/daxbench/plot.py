"""The plot: for each image one bar a program, in wall time, with LIMIT as a line through them."""

import subprocess
from html import escape

from .debian import find_program

_WIDTH, _LABELS, _NUMBERS, _BAR, _GAP = 900, 300, 90, 18, 6
_COLOURS = {
    "limit": "#888888",
    "daxconv": "#1f6fb4",
    "verify": "#7fb2dc",
    "tar2sqfs": "#e9cba6",  # paler: what begins with a flat tar
    "sqfstar": "#e9cba6",
}
_PEER = "#d08a3e"


def draw(results, svg):
    """Writes an SVG, and a PNG beside it where rsvg-convert is installed."""
    parts, top = [], 60
    for image, rows in results["rows"].items():
        measured = {name: row for name, row in rows.items() if "wall" in row}
        if not measured:
            continue
        drawn, height = _panel(image, results["images"][image], measured, top)
        parts += drawn
        top += height
    machine = results["machine"]
    title = f"daxconv and its peers, {machine['date']}: {machine['processor']}, {machine['cores']} cores"
    text = "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{top + 10}" '
            f'viewBox="0 0 {_WIDTH} {top + 10}" font-family="sans-serif" font-size="12">',
            '<rect width="100%" height="100%" fill="white"/>',
            _text(20, 26, title, "font-size='16'"),
            _text(20, 45, "wall time in seconds, medians; the line is LIMIT; panels differ in scale", "fill='#555'"),
            *parts,
            "</svg>\n",
        ]
    )
    svg.write_text(text)
    program = find_program("rsvg-convert")
    if program:
        subprocess.run([program, "-o", svg.with_suffix(".png"), svg], check=True)


def _panel(image, facts, rows, top):
    layers = "1 layer" if facts["layers"] == 1 else f"{facts['layers']} layers"
    unpacked = f"{image}: {layers}, {facts['unpacked'] / 1e6:,.0f} MB unpacked"
    parts = [_text(20, top + 16, unpacked, "font-weight='bold'")]
    longest = max(row["wall"] for row in rows.values())
    scale = (_WIDTH - _LABELS - _NUMBERS) / longest
    start = top + 26
    for number, (name, row) in enumerate(rows.items()):
        y = start + number * (_BAR + _GAP)
        parts.append(_text(_LABELS - 8, y + 13, row["title"], "text-anchor='end'"))
        width = max(row["wall"] * scale, 1)
        parts.append(f'<rect x="{_LABELS}" y="{y}" width="{width:.1f}" height="{_BAR}" fill="{_colour(name)}"/>')
        parts.append(_text(_LABELS + width + 5, y + 13, f"{row['wall']:.2f}"))
    bottom = start + len(rows) * (_BAR + _GAP)
    if "limit" in rows:
        x = _LABELS + rows["limit"]["wall"] * scale
        parts.append(f'<path d="M{x:.1f} {start - 3}V{bottom - 3}" stroke="#333" stroke-dasharray="3 3"/>')
    return parts, bottom - top + 14


def _colour(name):
    return next((colour for start, colour in _COLOURS.items() if name.startswith(start)), _PEER)


def _text(x, y, text, more=""):
    return f'<text x="{x:.1f}" y="{y}" {more}>{escape(text)}</text>'
