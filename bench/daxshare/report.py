"""What is printed: tables in Markdown, which are also the README's, and the goals."""

from daxbench.report import table

from . import machines
from .ways import WAYS


def markdown(results):
    machine = results["machine"]
    head = (
        f"Measured on {machine['date']}: {machine['processor']}, {machine['cores']} cores, "
        f"{machine['memory'] / (1 << 30):.0f} GiB, {machine['system']}, Linux {machine['kernel']}. "
        f"The image's file has {_mb(results['image']['file'])}."
    )
    parts = [[head], _containers(results["containers"])]
    if results["machines"]:
        parts.append(_machines(results["machines"]))
    parts.append(goals(results))
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def _containers(rows):
    head = ("containers", "N", "page cache", "charged to them", "MemAvailable less by", "code mapped", "of it in memory")
    lines = [
        (WAYS[row["way"]], row["containers"], _cache(row))
        + tuple(_mb(row[name]) for name in ("charged", "taken", "code mapped", "code in memory"))
        for row in rows
    ]
    return table(head, lines)


def _cache(row):
    tmpfs = f" + {_mb(row['image in tmpfs'])} of tmpfs" if row["image in tmpfs"] else ""
    return _mb(row["cache"]) + tmpfs


def _machines(rows):
    head = ("machines", "N", "image mapped by them", "of it in memory", "host's page cache", "guests' page caches",
            "machines' own memory", "MemAvailable less by", "pages of code in the device")  # fmt: skip
    names = ("image mapped", "image in memory", "host cache", "guest cache", "machines' own", "host taken")
    lines = [
        (machines.WAYS[row["way"]], row["machines"])
        + tuple(_mb(row[name]) for name in names)
        + (f"{row['code pages in pmem']:,} of {row['code pages']:,}",)
        for row in rows
    ]
    return table(head, lines)


def goals(results):
    """Whether one image costs what one directory does, however many there are, and machines share one copy."""
    cache = {(row["way"], row["containers"]): row["cache"] for row in results["containers"]}
    lines = []
    for (way, count), bytes_ in cache.items():
        if way == "directio" and ("directory", count) in cache:
            ratio = bytes_ / cache["directory", count]
            lines.append(_goal(f"page cache of {count} over the image, over the directory", ratio, 1.05))
    counts = sorted(count for way, count in cache if way == "directio")
    if len(counts) > 1:
        ratio = cache["directio", counts[-1]] / cache["directio", counts[0]]
        lines.append(_goal(f"page cache of {counts[-1]} over that of {counts[0]}", ratio, 1.05))
    mapped = {row["machines"]: row for row in results["machines"] if row["way"] == "pmem"}
    if len(mapped) > 1:
        least, most = min(mapped), max(mapped)
        ratio = mapped[most]["image in memory"] / mapped[least]["image in memory"]
        lines.append(_goal(f"the image in memory of {most} machines over that of {least}", ratio, 1.05))
    return table(("goal", "measured", "at most", ""), lines)


def _goal(what, ratio, most):
    return what, f"{ratio:.3f}", f"{most:.2f}", "met" if ratio <= most else "not met"


def _mb(value):
    return f"{value / 1e6:,.1f} MB"
