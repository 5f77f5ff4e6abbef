"""Reproducible chance: one named random stream for each purpose, and fast weighted choices.

A stream depends only on the seed and its name, so that a change in how one table is drawn leaves the others alone.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]

CHUNK = 65_536


def stream(seed: int, purpose: str) -> np.random.Generator:
    """An independent generator for `purpose`; the same on every machine."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, zlib.crc32(purpose.encode())])))


def chunks(total: int, size: int = CHUNK) -> Iterator[tuple[int, int]]:
    """Consecutive half-open ranges that cover `total` rows."""
    for start in range(0, total, size):
        yield start, min(start + size, total)


def cumulative(weights: npt.ArrayLike) -> Floats:
    """Weights as cumulative shares along the last axis; the last share is exactly 1. All-zero weights become even."""
    array = np.asarray(weights, dtype=np.float64)
    array = np.where(array.sum(axis=-1, keepdims=True) > 0, array, 1.0)
    sums = np.cumsum(array, axis=-1)
    return np.asarray(sums / sums[..., -1:], dtype=np.float64)


def pick(rng: np.random.Generator, shares: Floats, size: int) -> Array:
    """`size` positions drawn with the cumulative shares."""
    found = np.searchsorted(shares, rng.random(size), side="right")
    return np.minimum(found, len(shares) - 1)


def pick_within(rng: np.random.Generator, shares: Floats, group: Array) -> Array:
    """For each row, a position drawn with the cumulative shares of its group (`shares` is groups x positions)."""
    width = shares.shape[1]
    flat = (shares + np.arange(len(shares))[:, None]).ravel()
    found = np.searchsorted(flat, group + rng.random(len(group)), side="right") - group.astype(np.int64) * width
    return np.asarray(np.minimum(found, width - 1))


def pick_one(rng: np.random.Generator, shares: Floats) -> int:
    """One position drawn with the cumulative shares."""
    return int(pick(rng, shares, 1)[0])


def below(rng: np.random.Generator, limit: int) -> int:
    """A whole number from 0 to limit - 1."""
    return int(rng.random() * limit)


def lookup(words: Sequence[str]) -> npt.NDArray[np.object_]:
    """Words as an array, so that a column of codes becomes a column of text in one step."""
    return np.array(list(words), dtype=object)
