"""The goals: what each is, what was measured, and whether it is met. Computed from results.json alone."""

from dataclasses import dataclass

from .generated import FILES_A_LAYER, LAYERS, MILLION, ONE_DIRECTORY, QUARTER
from .programs import PEERS

MIB = 1 << 20
BASE = 400 * MIB
FILES_IN_LAYERS = LAYERS * FILES_A_LAYER


@dataclass(frozen=True)
class Goal:
    """One goal; measured is None where something it needs was not run."""

    number: str
    text: str
    measured: float | None
    target: float
    unit: str = ""
    at_least: bool = False

    @property
    def met(self):
        if self.measured is None:
            return None
        return self.measured >= self.target if self.at_least else self.measured <= self.target

    @property
    def verdict(self):
        return {None: "not measured", True: "met", False: "not met"}[self.met]

    def line(self):
        measured = "-" if self.measured is None else f"{self.measured:.4g}{self.unit}"
        bound = "at least" if self.at_least else "at most"
        return self.number, self.text, measured, f"{bound} {self.target:.4g}{self.unit}", self.verdict


class _Facts:
    """What results.json has, None where it has not."""

    def __init__(self, results):
        self.results = results

    def of(self, image, program, what="wall"):
        return self.results["rows"].get(image, {}).get(program, {}).get(what)

    def own(self, image):
        return self.results["memory"].get(image, {}).get("own")

    def size(self, image, what):
        value = self.results["sizes"].get(image, {}).get(what)
        return value if isinstance(value, int) else None

    def peers(self, image):
        """The wall times of all peers, those too that begin with a flat tar and check no digest."""
        return [wall for name in PEERS if (wall := self.of(image, name)) is not None]


def _ratio(above, below):
    return above / below if above is not None and below else None


def _minus(above, below):
    return above - below if above is not None and below is not None else None


def all_goals(results):
    facts = _Facts(results)
    parts = (_limits, _memory, _files, _starting, _sizes, _verify)
    return sorted((goal for part in parts for goal in part(facts)), key=lambda goal: goal.number)


def _limits(facts):
    of = facts.of
    for what, title in (("wall", "wall"), ("cpu", "CPU time")):
        for program, name, target in (("daxconv", "libisal", 1.25), ("daxconv-jdk", "the JDK's inflater", 2.2)):
            value = _ratio(of("large", program, what), of("large", "limit", what))
            yield Goal("1", f"large, {name}: {title} to LIMIT", value, target, " x")
        value = _ratio(of("large-zstd", "daxconv", what), of("large-zstd", "limit", what))
        yield Goal("1", f"large, zstd: {title} to LIMIT", value, 1.3, " x")
    for peer, title, target in (("umoci", "umoci unpack", 8), ("podman", "podman pull", 5)):
        value = _ratio(of("large", peer), of("large", "daxconv"))
        yield Goal("1", f"large: faster than {title}", value, target, " x", at_least=True)
    yield Goal("1", "medium: in all", of("medium", "daxconv"), 1.3, " s")
    fastest = min(facts.peers("medium"), default=None)
    value = _ratio(fastest, of("medium", "daxconv"))
    yield Goal("1", "medium: faster than the fastest peer here", value, 1, " x", at_least=True)
    for image in ("large", "medium"):
        ways = ("daxconv", "daxconv-jdk", "daxconv-registry", "daxconv-no-cache")
        found = {of(image, name, "sha256") for name in ways} - {None}
        yield Goal("1", f"{image}: different files from different ways", len(found) or None, 1)
        value = _ratio(of(image, "daxconv-registry"), of(image, "daxconv"))
        yield Goal("2", f"{image}: from the registry to from the layout", value, 1.2, " x")
        value = _ratio(of(image, "daxconv-no-cache"), of(image, "daxconv"))
        yield Goal("2", f"{image}: the same with --no-cache", value, 1.2, " x")


def _memory(facts):
    for image in ("large", "large-zstd", "medium", "million"):
        target = BASE + (300 * MILLION if image == "million" else 0)
        own = facts.own(image)
        yield Goal("3", f"{image}: memory of its own at the peak", own and own / MIB, target / MIB, " MiB")
    beyond = _minus(facts.own("million"), facts.own("quarter"))
    value = beyond if beyond is None else beyond / (MILLION - QUARTER)
    yield Goal("3", "a file, from a quarter of a million to a million", value, 300, " bytes")


def _files(facts):
    def beyond(image, files, what):
        seconds = _minus(facts.of(image, "daxconv"), what)
        return seconds if seconds is None else seconds / files * 1e6

    start = facts.of("small", "daxconv")
    images = {"million": MILLION, "onedir": ONE_DIRECTORY, "layers127": FILES_IN_LAYERS}
    for image, files in images.items():
        value = beyond(image, files, facts.of(image, "limit"))
        yield Goal("4", f"{image}: a file, beyond LIMIT", value, 20, " us")
    yield Goal("4", "million: a file, all of it beyond a small image", beyond("million", MILLION, start), 20, " us")
    quarter = beyond("quarter", QUARTER, start)
    for image, files in images.items():
        value = _ratio(beyond(image, files, start), quarter)
        yield Goal("4", f"{image}: a file's time to that in a quarter of a million", value, 1.25, " x")


def _starting(facts):
    yield Goal("5", "small: in all", facts.of("small", "daxconv"), 0.6, " s")
    yield Goal("5", "daxconv --version", facts.results.get("version"), 0.12, " s")


def _sizes(facts):
    for image in facts.results["rows"]:
        size, bound = facts.of(image, "daxconv", "bytes"), facts.size(image, "bound")
        if bound is None:
            continue
        yield Goal("6", f"{image}: file to the bound", _ratio(size, bound), 1, " x")
        for other in ("whole pages", "mkdaxfs", "kerf"):
            if facts.size(image, other):
                title = "whole pages for all (computed)" if other == "whole pages" else other
                yield Goal("6", f"{image}: file to that of {title}", _ratio(size, facts.size(image, other)), 1, " x")


def _verify(facts):
    for image in ("large", "medium"):
        speed = _ratio(facts.of(image, "daxconv", "bytes"), facts.of(image, "verify"))
        value = speed if speed is None else speed / 1e9
        yield Goal("7", f"{image}: verify on one core", value, 1, " GB/s", at_least=True)
        value = _ratio(facts.of(image, "verify-against"), facts.of(image, "daxconv"))
        yield Goal("7", f"{image}: verify --against to converting", value, 1, " x")
