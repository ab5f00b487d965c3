"""What is printed: tables in Markdown, which are also the README's, and one line for each goal."""

from .goals import all_goals

GIB = 1 << 30


def markdown(results):
    """The whole report."""
    parts = (_machine(results), _images(results), _rows(results), _sizes(results), goals(results))
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def goals(results):
    lines = [goal.line() for goal in all_goals(results)]
    return table(("goal", "what", "measured", "target", ""), lines)


def _machine(results):
    machine = results["machine"]
    versions = ", ".join(f"{name} {version}" for name, version in results["versions"].items())
    return [
        f"Measured on {machine['date']}: {machine['processor']}, {machine['cores']} cores, "
        f"{machine['memory'] / GIB:.0f} GiB, {machine['system']}, Linux {machine['kernel']}; "
        f"output on {machine['output']}. "
        f"Medians of {results['runs']} runs in turn, blobs in the page cache.",
        "",
        f"Versions: {versions}.",
    ]


def _images(results):
    lines = [
        (name, image["layers"], _mb(image["packed"]), _mb(image["unpacked"]))
        for name, image in results["images"].items()
    ]
    return table(("image", "layers", "packed", "unpacked"), lines)


def _rows(results):
    lines = []
    for image, rows in results["rows"].items():
        limit = rows.get("limit", {})
        for row in rows.values():
            if "wall" not in row:
                lines.append((image, row["title"], row.get("error", "not run").replace("|", "\\|"), "", "", "", "", ""))
                continue
            lines.append(
                (
                    image,
                    row["title"],
                    f"{row['wall']:.2f} s",
                    _times(row, limit, "wall"),
                    f"{row['cpu']:.2f} s",
                    _times(row, limit, "cpu"),
                    f"{row['resident'] / (1 << 20):.0f} MiB",
                    len(row["runs"]),
                )
            )
    return table(("image", "program", "wall", "x LIMIT", "CPU", "x LIMIT", "largest process", "runs"), lines)


def _sizes(results):
    def shown(value):
        return _mb(value) if isinstance(value, int) else value

    lines = []
    for image, sizes in results["sizes"].items():
        if "error" in sizes:
            lines.append((image, sizes["error"].replace("|", "\\|"), ""))
            continue
        ours = results["rows"].get(image, {}).get("daxconv", {}).get("bytes")
        found = [("daxconv", ours)] if ours else []
        found += [(name, sizes[name]) for name in ("bound", "mkfs.erofs", "mkdaxfs", "kerf") if name in sizes]
        found.append(("whole pages, nothing shared (computed)", sizes["whole pages"]))
        lines += [(image, name, shown(value)) for name, value in found]
    return table(("image", "file of", "size"), lines)


def _times(row, limit, what):
    return f"{row[what] / limit[what]:.2f}" if limit.get(what) else ""


def _mb(value):
    return f"{value / 1e6:,.1f} MB"


def table(head, lines):
    """Lines of a table in Markdown."""
    return [
        "| " + " | ".join(head) + " |",
        "|" + "---|" * len(head),
        *("| " + " | ".join(map(str, line)) + " |" for line in lines),
    ]
