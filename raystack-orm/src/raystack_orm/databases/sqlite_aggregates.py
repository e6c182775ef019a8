"""Aggregates that SQLite lacks, which work as window functions, too."""

from collections import deque
from collections.abc import Callable
from functools import reduce
from math import sqrt
from operator import and_, or_, xor
from typing import Any, ClassVar


class _Variance:
    """Welford's method: exact enough, in one pass, without keeping the values."""

    sample: ClassVar[int] = 0  # 1 for the variance of a sample

    def __init__(self) -> None:
        self.count = 0
        self.mean = 0.0
        self.squares = 0.0

    def step(self, value: float | None) -> None:
        if value is None:
            return
        self.count += 1
        away = value - self.mean
        self.mean += away / self.count
        self.squares += away * (value - self.mean)

    def inverse(self, value: float | None) -> None:
        if value is None:
            return
        self.count -= 1
        if not self.count:
            self.mean = self.squares = 0.0
            return
        away = value - self.mean
        self.mean -= away / self.count
        self.squares -= away * (value - self.mean)

    def value(self) -> float | None:
        if self.count <= self.sample:
            return None
        return max(self.squares, 0.0) / (self.count - self.sample)

    def finalize(self) -> float | None:
        return self.value()


class VariancePopulation(_Variance):
    """VAR_POP."""


class VarianceSample(_Variance):
    """VAR_SAMP: NULL for fewer than two values."""

    sample = 1


class DeviationPopulation(_Variance):
    """STDDEV_POP."""

    def value(self) -> float | None:
        """Return the root of the variance."""
        variance = super().value()
        return None if variance is None else sqrt(variance)


class DeviationSample(DeviationPopulation):
    """STDDEV_SAMP."""

    sample = 1


class _Kept:
    """Keeps the values, of which some are dropped from the front."""

    def __init__(self) -> None:
        self.values: deque[Any] = deque()

    def step(self, value: Any) -> None:
        if value is not None:
            self.values.append(value)

    def inverse(self, value: Any) -> None:
        if value is not None:
            self.values.popleft()

    def value(self) -> Any:
        return self.values[0] if self.values else None

    def finalize(self) -> Any:
        return self.value()


class AnyValue(_Kept):
    """ANY_VALUE: the first that is not NULL."""


class _Bits(_Kept):
    operator: ClassVar[Callable[[int, int], int]]

    def value(self) -> int | None:
        return reduce(type(self).operator, self.values) if self.values else None


class BitAnd(_Bits):
    """BIT_AND."""

    operator = and_


class BitOr(_Bits):
    """BIT_OR."""

    operator = or_


class BitXor(_Bits):
    """BIT_XOR."""

    operator = xor
