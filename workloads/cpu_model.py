"""A small recurrent network that computes on one processor, with Python's standard library alone.

    hidden = tanh(W hidden + E[token])        next token = argmax(U hidden)

Its weights are random, but every token costs the products of matrices that a model of this size costs, and depends on all before it:
the same prompt has the same answer. For machines without a GPU on which a server has to do real work.
"""

import argparse
import math
import random
from contextlib import AbstractContextManager
from operator import mul

from engine import Runner
from marks import nvtx_range

WORDS = 64  # of its vocabulary
WIDTH = 24

Vector = list[float]
Matrix = list[Vector]


def matrix(source: random.Random, rows: int, columns: int, spread: float) -> Matrix:
    return [[source.gauss(0, spread) for _ in range(columns)] for _ in range(rows)]


def product(rows: Matrix, vector: Vector) -> Vector:
    return [sum(map(mul, row, vector)) for row in rows]


class CpuRunner(Runner):
    def __init__(self, options: argparse.Namespace) -> None:
        source = random.Random(options.seed)
        self.embedding = matrix(source, WORDS, WIDTH, 1)
        self.recurrent = matrix(source, WIDTH, WIDTH, 1 / math.sqrt(WIDTH))
        self.output = matrix(source, WORDS, WIDTH, 1)
        self.hidden: list[Vector] = [[0.0] * WIDTH for _ in range(options.slots)]
        self.token = [0] * options.slots

    def range(self, text: str) -> AbstractContextManager[None]:
        return nvtx_range(text)

    def prefill(self, slot: int, tokens: int) -> int:
        self.hidden[slot] = [0.0] * WIDTH
        for position in range(tokens):
            self._read(slot, position * 7919 % WORDS)  # no text comes here: a prompt of this length
        return self._say(slot)

    def decode(self, live: list[int]) -> list[int]:
        said = [0] * len(self.token)
        for slot in live:
            self._read(slot, self.token[slot])
            said[slot] = self._say(slot)
        return said

    def start(self, slot: int, token: int, position: int) -> None:
        self.token[slot] = token

    def advance(self, slot: int, token: int) -> None:
        self.token[slot] = token

    def _read(self, slot: int, token: int) -> None:
        moved = product(self.recurrent, self.hidden[slot])
        self.hidden[slot] = [math.tanh(a + b) for a, b in zip(moved, self.embedding[token])]

    def _say(self, slot: int) -> int:
        scores = product(self.output, self.hidden[slot])
        return scores.index(max(scores))
