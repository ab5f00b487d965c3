"""The plot: memory against the number of containers, a line a way; and of virtual machines."""

import subprocess
from html import escape

from daxbench.debian import find_program

from . import machines
from .ways import WAYS

_WIDTH, _LEFT, _PLOT, _HEIGHT = 1020, 70, 420, 260
_COLOURS = {
    "copies": "#888888",
    "directory": "#d08a3e",
    "buffered": "#7fb2dc",
    "directio": "#1f6fb4",
    "tmpfs": "#5a9e6f",
    "pmem": "#1f6fb4",
    "disks": "#888888",
}


def draw(results, svg):
    """Writes an SVG, and a PNG beside it where rsvg-convert is installed."""
    machine = results["machine"]
    parts = [_text(20, 26, f"Memory for one image, {machine['date']}, Linux {machine['kernel']}", "font-size='16'")]
    parts += _panel(
        50,
        "page cache in MB (and tmpfs) over containers",
        WAYS,
        results["containers"],
        lambda row: (row["containers"], row["cache"] + row["image in tmpfs"]),
    )
    top = 50 + _HEIGHT + 80
    if results["machines"]:
        parts += _panel(
            top,
            "the image in the host's and the guests' memory, in MB, over virtual machines",
            machines.WAYS,
            results["machines"],
            lambda row: (row["machines"], row["image in memory"] + max(row["guest cache"], 0)),
        )
        top += _HEIGHT + 80
    text = "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{top}" '
            f'viewBox="0 0 {_WIDTH} {top}" font-family="sans-serif" font-size="12">',
            '<rect width="100%" height="100%" fill="white"/>',
            *parts,
            "</svg>\n",
        ]
    )
    svg.write_text(text)
    program = find_program("rsvg-convert")
    if program:
        subprocess.run([program, "-o", svg.with_suffix(".png"), svg], check=True)


def _panel(top, title, ways, rows, point):
    """Lines through the points of each way, from zero; a legend beside them."""
    points = {way: [point(row) for row in rows if row["way"] == way] for way in ways}
    points = {way: each for way, each in points.items() if each}
    if not points:
        return []
    most_x = max(x for each in points.values() for x, _ in each)
    most_y = max(max(y for each in points.values() for _, y in each), 1)
    low = top + 20 + _HEIGHT

    def at(x, y):
        return _LEFT + x / most_x * _PLOT, low - y / most_y * _HEIGHT

    parts = [_text(_LEFT, top + 6, title, "font-weight='bold'")]
    parts.append(f'<path d="M{_LEFT} {low - _HEIGHT}V{low}H{_LEFT + _PLOT}" fill="none" stroke="#333"/>')
    for part in range(5):
        value = most_y * part / 4
        _, y = at(0, value)
        parts.append(f'<path d="M{_LEFT} {y:.1f}H{_LEFT + _PLOT}" stroke="#ddd"/>')
        parts.append(_text(_LEFT - 6, y + 4, f"{value / 1e6:,.0f}", "text-anchor='end'"))
    for x in sorted({x for each in points.values() for x, _ in each}):
        parts.append(_text(at(x, 0)[0], low + 16, str(x), "text-anchor='middle'"))
    for number, (way, each) in enumerate(points.items()):
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in (at(*one) for one in each))
        colour = _COLOURS[way]
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in (at(*one) for one in each)]
        y = top + 40 + number * 34
        parts.append(f'<rect x="{_LEFT + _PLOT + 20}" y="{y - 10}" width="12" height="12" fill="{colour}"/>')
        first, _, second = ways[way].partition(", ")
        parts.append(_text(_LEFT + _PLOT + 38, y, first))
        parts.append(_text(_LEFT + _PLOT + 38, y + 14, second, "fill='#555'"))
    return parts


def _text(x, y, text, more=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" {more}>{escape(text)}</text>'
