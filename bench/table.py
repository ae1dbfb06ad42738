"""Two ways of doing one thing, measured in turn, and the table of what came out."""

from __future__ import annotations

import platform
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

Work = Callable[[int], object]
"""What is measured; told the number of its round, so that no two rounds need be alike."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times as long the product takes as the yardstick."""

    story: str
    """What is done, for example *A slip on 80 mm paper*."""
    yardstick: str
    """What it is compared with."""
    ratio: float
    limit: float
    """The ratio it may have."""
    product_ms: float
    """Median of one time, in milliseconds."""
    yardstick_ms: float
    rounds: int

    @property
    def reached(self) -> bool:
        """Whether the ratio is within its limit."""
        return self.ratio <= self.limit


def compared(
    story: str,
    product: Work,
    yardstick: Work,
    *,
    against: str,
    limit: float,
    rounds: int = 61,
    clock: Callable[[], float] = time.perf_counter,
) -> Ratio:
    """Measure ``product`` against ``yardstick``.

    Each round does both, one right after the other and every other time in the other order, so that
    whatever else this machine does meanwhile hits both. The ratio is the median of the rounds'
    ratios, which a few disturbed rounds do not move.

    Args:
        story: what is done.
        product: the product doing it.
        yardstick: the bare work.
        against: the bare work in words.
        limit: the ratio it may have.
        rounds: how often.
        clock: seconds; ``time.process_time`` for work that waits for nobody, as it leaves out what
            other processes take.
    """
    product(-1), yardstick(-1)  # whatever is loaded or built at the first time
    times: list[tuple[float, float]] = []
    for number in range(rounds):
        if number % 2:
            bare = _timed(yardstick, number, clock)
            ours = _timed(product, number, clock)
        else:
            ours = _timed(product, number, clock)
            bare = _timed(yardstick, number, clock)
        times.append((ours, bare))
    return Ratio(
        story,
        against,
        ratio=statistics.median(ours / bare for ours, bare in times),
        limit=limit,
        product_ms=statistics.median(ours for ours, _ in times) * 1000,
        yardstick_ms=statistics.median(bare for _, bare in times) * 1000,
        rounds=rounds,
    )


def _timed(work: Work, number: int, clock: Callable[[], float]) -> float:
    begun = clock()
    work(number)
    return clock() - begun


def table(ratios: Iterable[Ratio]) -> str:
    """The ratios as a Markdown table."""
    lines = [
        "| story | compared with | ratio | limit | | product | bare | rounds |",
        "|---|---|---:|---:|---|---:|---:|---:|",
    ]
    for one in ratios:
        lines.append(
            f"| {one.story} | {one.yardstick} | **{one.ratio:.2f}** | {one.limit:g} | "
            f"{'reached' if one.reached else 'MISSED'} | {one.product_ms:.1f} ms | "
            f"{one.yardstick_ms:.1f} ms | {one.rounds} |"
        )
    return "\n".join(lines)


def machine() -> str:
    """What the milliseconds were measured on."""
    return f"Python {platform.python_version()}, {platform.system()} {platform.machine()}"


def verdict(ratios: Iterable[Ratio]) -> int:
    """The exit code: 0 when every ratio is within its limit, else 1."""
    return 0 if all(one.reached for one in ratios) else 1
