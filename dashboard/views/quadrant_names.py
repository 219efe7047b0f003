"""Where names can stand beside marks of a chart so that none lies upon another name or mark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LETTER, LINE = 7.2, 17  # pixels that a letter and a line of 13 px type take at most
MARK = 7  # from the middle of a named mark to its name
AIR = 5  # from the middle of any other mark to a name
Box = tuple[float, float, float, float]  # left, top, right, bottom in pixels, downwards


@dataclass(frozen=True)
class Frame:
    """How many pixels one step of each axis takes, and the ends of both axes."""

    across: float
    up: float
    x: tuple[float, float]
    y: tuple[float, float]

    @property
    def box(self) -> Box:
        """Its own four sides."""
        return self.x[0] * self.across, -self.y[1] * self.up, self.x[1] * self.across, -self.y[0] * self.up


@dataclass(frozen=True)
class Name:
    """A name at a mark: the side it stands on is said by its anchors, as Plotly names them."""

    at: int
    side: str  # "top" (it hangs below its mark), "bottom", "left" (it stands to the right), "right"


def names(
    wanted: Sequence[int],
    sides: Sequence[str],
    words: Sequence[str],
    marks: Sequence[tuple[float, float]],
    frame: Frame,
    taken: Sequence[Box] = (),
) -> list[Name]:
    """The first free one of `sides` for each wanted mark, in their order; who finds none stays unnamed.

    `marks`: x and y of every mark that is drawn, in the axes' units; `words` and `wanted` follow it. `taken`: where
    other words stand already.
    """
    points = [(x * frame.across, -y * frame.up) for x, y in marks]
    ends, full, found = frame.box, list(taken), list[Name]()
    for at in wanted:
        for side in sides:
            box = _box(points[at], side, len(words[at]) * LETTER)
            within = ends[0] <= box[0] and ends[1] <= box[1] and box[2] <= ends[2] and box[3] <= ends[3]
            free = not any(_near(box, point) for other, point in enumerate(points) if other != at)
            if within and free and not any(_overlap(box, other) for other in full):
                full.append(box)
                found.append(Name(at, side))
                break
    return found


def _box(point: tuple[float, float], side: str, width: float) -> Box:
    """What a name on that side of its mark covers."""
    x, y = point
    if side in ("top", "bottom"):
        top = y + MARK if side == "top" else y - MARK - LINE
        return x - width / 2, top, x + width / 2, top + LINE
    left = x + MARK if side == "left" else x - MARK - width
    return left, y - LINE / 2, left + width, y + LINE / 2


def _near(box: Box, point: tuple[float, float]) -> bool:
    return box[0] - AIR < point[0] < box[2] + AIR and box[1] - AIR < point[1] < box[3] + AIR


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
