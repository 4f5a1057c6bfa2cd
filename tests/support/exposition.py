"""What collectors of metrics accept: the text format 0.0.4 of Prometheus, as the textfile collector of
the node exporter takes it, and OpenMetrics 1.0."""

import re

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"'
SAMPLE = re.compile(rf"({NAME})(?:\{{({LABEL}(?:,{LABEL})*)\}})? (\S+)")
VALUE = re.compile(r"[+-]?(?:Inf|\d+(?:\.\d+)?(?:e[+-]?\d+)?)|NaN")
UNITS = ("seconds", "ratio")


class Wrong(AssertionError):
    """What a collector would not take."""


class Family:
    def __init__(self):
        self.told = {}  # HELP, TYPE and UNIT
        self.samples = {}  # the value of each series, by (name, labels)


def parse(text, open_metrics=False):
    """The families by their names, once the text is found to be what the format says."""
    if not text.endswith("\n"):
        raise Wrong("the last line has no end")
    lines = text[:-1].split("\n")
    if open_metrics and lines.pop() != "# EOF":
        raise Wrong("the end is missing")
    families, last = {}, None  # samples stand under what is told of their family
    for line in lines:
        if line.startswith("#"):
            last = _read_told(line, families)
        else:
            _read_sample(line, last, families)
    for name, family in families.items():
        _check(name, family, open_metrics)
    return families


def series(families):
    """The value of each series of all families, by (name, labels)."""
    return {key: value for family in families.values() for key, value in family.samples.items()}


def _read_told(line, families):
    told = re.fullmatch(rf"# (HELP|TYPE|UNIT) ({NAME}) (.+)", line)
    if not told:
        raise Wrong(f"is neither HELP, TYPE nor UNIT: {line}")
    kind, name, what = told.groups()
    family = families.setdefault(name, Family())
    if kind in family.told or family.samples:
        raise Wrong(f"{kind} of {name} stands twice, or behind its samples")
    family.told[kind] = what
    return name


def _read_sample(line, family, families):
    found = SAMPLE.fullmatch(line)
    if not found or not VALUE.fullmatch(found[found.lastindex]):
        raise Wrong(f"is no sample: {line!r}")
    name, labels = found[1], re.findall(LABEL, found[2] or "")
    of_info = family and families[family].told.get("TYPE") == "info"
    if name != (f"{family}_info" if of_info else family):
        raise Wrong(f"stands under {family}: {line}")
    if len({label for label, _ in labels}) < len(labels):
        raise Wrong(f"has a label twice: {line}")
    samples = families[family].samples
    key = (name, tuple(sorted(labels)))
    if key in samples:
        raise Wrong(f"stands twice: {line}")
    samples[key] = float(found[found.lastindex])


def _check(name, family, open_metrics):
    if not family.samples or set(family.told) - {"UNIT"} != {"HELP", "TYPE"}:
        raise Wrong(f"{name} lacks samples, HELP or TYPE")
    kind, unit = family.told["TYPE"], family.told.get("UNIT")
    if kind not in (("gauge", "info") if open_metrics else ("gauge",)):
        raise Wrong(f"{name} is of type {kind}")
    if unit != (next((unit for unit in UNITS if name.endswith("_" + unit)), None) if open_metrics else None):
        raise Wrong(f"{name} has unit {unit}")
    if kind == "info" and (unit or set(family.samples.values()) != {1.0}):
        raise Wrong(f"{name} has a unit, or another value than 1")
    if open_metrics and kind == "gauge" and re.search(r"_(info|total|count|sum|bucket|created)$", name):
        raise Wrong(f"{name} has a suffix that is reserved")
