"""Parts of a picture: :class:`Box` in whole pixels, :class:`FaceBox` where a detector has found a face."""

from __future__ import annotations

from typing import Any, NamedTuple

from numpy.typing import NDArray


class Box(NamedTuple):
    """Rows ``top <= y < bottom`` and columns ``left <= x < right``; all zeros where there is none."""

    top: int
    bottom: int
    left: int
    right: int

    def crop(self, pictures: NDArray[Any]) -> NDArray[Any]:
        """The box of pictures ``(T, H, W, …)``, as a view; ``ValueError`` for an empty one or one that leaves them."""
        if not (0 <= self.top < self.bottom and 0 <= self.left < self.right):
            raise ValueError(f"empty or negative box: {self}")
        if self.bottom > pictures.shape[1] or self.right > pictures.shape[2]:
            raise ValueError(f"box {self} leaves a picture of {pictures.shape[1]} x {pictures.shape[2]}")
        return pictures[:, self.top : self.bottom, self.left : self.right]

    def or_whole(self, height: int, width: int) -> Box:
        """This box, or all of a picture of that size where there is none."""
        return self if any(self) else Box(0, height, 0, width)

    def __str__(self) -> str:
        return f"y {self.top}-{self.bottom}, x {self.left}-{self.right}"


class FaceBox(NamedTuple):
    """Where a face was found, in pixels, which need not be whole and may lie outside of the picture."""

    left: float
    top: float
    right: float
    bottom: float
