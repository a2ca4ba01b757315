"""What a workload leaves in its folder, and how it is told to stop."""

import argparse
import json
import os
import queue
import signal
import threading
from pathlib import Path
from types import FrameType
from typing import Any


def add_out_option(parser: argparse.ArgumentParser, fallback: str) -> None:
    """`forensics capture` names the folder in the environment, so that its case finds the files without being told."""
    parser.add_argument(
        "--out",
        type=Path,
        default=Path(os.environ.get("FORENSICS_WORKLOAD_DIR") or fallback),
        metavar="FOLDER",
        help=f"folder for what this run leaves (default: $FORENSICS_WORKLOAD_DIR if set, else ./{fallback})",
    )


class Stop:
    """Makes SIGTERM and SIGINT a flag: a workload ends its step, writes its files and exits with 0."""

    def __init__(self) -> None:
        self.asked = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True


class RequestLog:
    """
    requests.jsonl: a line as each request ends, so that even a killed workload leaves a log that can be read.
    A thread of its own writes it: a slow disk must not become a fault that nobody planted.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / "requests.jsonl"
        self._file = open(self._path, "w", buffering=1)  # flushed by line
        self._records: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._writer = threading.Thread(target=self._write, daemon=True)
        self._writer.start()

    def add(self, record: dict[str, Any]) -> None:
        self._records.put(record)

    def close(self) -> None:
        """Waits for what was added, and brings the lines into the order of arrival."""
        self._records.put(None)
        self._writer.join()
        lines = self._path.read_text().splitlines(keepends=True)
        lines.sort(key=lambda line: json.loads(line)["arrival_ns"])
        ordered = self._path.with_suffix(".part")
        ordered.write_text("".join(lines))
        ordered.replace(self._path)

    def _write(self) -> None:
        with self._file:
            while (record := self._records.get()) is not None:
                self._file.write(json.dumps(record) + "\n")


def write_json(path: Path, content: Any) -> None:
    """Whole or not at all: the workload may be killed, or looked at, at any moment."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(json.dumps(content, indent=1) + "\n")
    part.replace(path)
