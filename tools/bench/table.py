"""Comparisons and their tables: medians, spread, ratios and goals. No I/O."""
from contextlib import nullcontext
from dataclasses import dataclass, field
from statistics import median
from typing import Callable, Optional


@dataclass
class Goal:
    """What the first program of a comparison should reach against the one that has the goal."""

    sign: str  # "≤" or "≥"
    limit: float
    kind: str = "ratio"  # or "difference", or "value", which regards the first program alone

    def value(self, ours, theirs):
        return {"ratio": ours / theirs if theirs else 0.0, "difference": ours - theirs, "value": ours}[self.kind]

    def is_reached(self, ours, theirs):
        value = self.value(ours, theirs)
        return value <= self.limit if self.sign == "≤" else value >= self.limit


@dataclass
class Case:
    """One program of a comparison. Without a measure it is absent, and `absent` says why."""

    program: str
    measure: Optional[Callable[[], float]] = None
    goal: Optional[Goal] = None
    absent: str = ""


@dataclass
class Comparison:
    """Programs that do the same; the first is ours. `rounds`: how often each is measured, in turn; `within`: under what."""

    title: str
    unit: str
    cases: list
    note: str = ""
    rounds: int = 1
    within: Callable = nullcontext
    samples: dict = field(default_factory=dict)  # program: values

    def run(self):
        """Measures in rounds, so that whatever else the machine does falls on all of them."""
        present = [case for case in self.cases if case.measure]
        for case in present:
            self.samples[case.program] = []
        with self.within():
            for number in range(self.rounds):
                for case in present if number % 2 == 0 else reversed(present):
                    self.samples[case.program].append(case.measure())


def table(comparison):
    """The table of one comparison, in Markdown."""
    ours = comparison.samples.get(comparison.cases[0].program)
    lines = [
        f"| | Median, {comparison.unit} | Spread | MgPresence : this | Goal |",
        "|---|--:|--:|--:|---|",
    ]
    lines += [row(case, comparison.samples.get(case.program), ours) for case in comparison.cases]
    return "\n".join(lines)


def row(case, values, ours):
    if not values:
        return f"| {case.program} | absent: {case.absent} | | | |"
    cells = [case.program, figure(median(values)), f"{figure(min(values))} – {figure(max(values))}"]
    is_ours = values is ours
    cells.append("" if is_ours or not ours else f"{median(ours) / median(values):.2f}")
    cells.append(goal(case.goal, median(ours), median(values)) if case.goal and ours else "")
    return "| " + " | ".join(cells) + " |"


def goal(wanted, ours, theirs):
    limit = {"ratio": f"{wanted.limit:g} ×", "difference": f"{wanted.limit:+g}", "value": f"{wanted.limit:g}"}[wanted.kind]
    reached = "reached" if wanted.is_reached(ours, theirs) else "**missed**"
    found = "" if wanted.kind == "ratio" else f" ({figure(wanted.value(ours, theirs))})"
    return f"{wanted.sign} {limit}: {reached}{found}"


def figure(value):
    """Three digits, and all of a larger number."""
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"
