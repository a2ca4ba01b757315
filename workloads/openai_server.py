"""The server of serve.py behind the OpenAI API: requests come by HTTP, and tokens go out as event streams.

    python3 workloads/openai_server.py --port 8000                  # PyTorch, one NVIDIA GPU
    python3 workloads/openai_server.py --port 8000 --cpu            # no GPU, no PyTorch: a small model that computes
    python3 workloads/openai_server.py --port 8000 --fake           # no GPU, no PyTorch: a model that sleeps
    forensics load http://127.0.0.1:8000/v1/completions --rate 10 --duration 30

Serves /v1/completions, /v1/chat/completions, /v1/models and /health on this host only, until SIGTERM or SIGINT. Its model has random
weights, so that it says nothing sensible, but computes as one does: continuous batching, NVTX ranges, and the faults of README.md.
It leaves what serve.py leaves: requests.jsonl, as the server saw the requests, and truth.json. Standard library only, but for the model.
"""

import argparse
import itertools
import json
import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from case import Stop
from engine import Engine, Runner, check_serving_options, serve, serving_parser
from host_faults import HOST_FAULTS, Bench
from planter import Planter
from traffic import Request, Traffic

MODEL = "random-weights"
DEFAULT_TOKENS = 16  # what OpenAI's completions take when nothing is asked
CONTEXT = 1280  # as in model.py, which cannot be imported without PyTorch
SHOWN = ("seed", "scale", "slots", "warm", "seconds")


@dataclass(slots=True)
class Streamed(Request):
    """A request whose tokens somebody waits for."""

    events: queue.SimpleQueue[bool] = field(default_factory=queue.SimpleQueue)

    def token(self, now: int) -> bool:
        last = Request.token(self, now)
        self.events.put(last)
        return last


class HttpTraffic(Traffic):
    """Requests that come by HTTP, in place of those that a generator makes up; bursts still come on top of them."""

    def __init__(self, options: argparse.Namespace) -> None:
        super().__init__(options.rate, options.prompt_tokens, options.output_tokens, options.seed)
        self._ids = itertools.count(1_000_000)  # beyond those of bursts
        self.server = Server(("127.0.0.1", options.port), Handler)
        self.server.traffic = self

    def start(self) -> None:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def submit(self, prompt: int, output: int) -> Streamed:
        request = Streamed(next(self._ids), prompt, output)
        self.waiting.append(request)
        self.arrived.set()
        return request


class Server(ThreadingHTTPServer):
    traffic: HttpTraffic
    daemon_threads = True
    request_queue_size = 1024  # a burst of connections must not wait for a SYN to be sent again


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        if self.path == "/v1/models":
            self._json(200, {"object": "list", "data": [{"id": MODEL, "object": "model"}]})
        elif self.path == "/health":
            self._json(200, {})
        else:
            self._json(404, {"error": {"message": "no such path"}})

    def do_POST(self) -> None:
        text = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path not in ("/v1/completions", "/v1/chat/completions"):
            return self._json(404, {"error": {"message": "no such path"}})
        try:
            asked = json.loads(text)
            prompt, output = prompt_tokens(asked), int(asked.get("max_tokens") or asked.get("max_completion_tokens") or DEFAULT_TOKENS)
        except (ValueError, TypeError, AttributeError, KeyError):
            return self._json(400, {"error": {"message": "the body is no completion"}})
        if prompt < 1 or output < 1 or prompt + output > CONTEXT:
            return self._json(400, {"error": {"message": f"prompt and answer must have from 2 to {CONTEXT} tokens together"}})
        chat = self.path.startswith("/v1/chat")
        request = self.server.traffic.submit(prompt, output)
        if asked.get("stream"):
            self._stream(request, chat, bool((asked.get("stream_options") or {}).get("include_usage")))
        else:
            self._whole(request, chat)

    def _stream(self, request: Streamed, chat: bool, usage: bool) -> None:
        base = {"id": f"cmpl-{request.id}", "object": "chat.completion.chunk" if chat else "text_completion", "model": MODEL}
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            for last in tokens_of(request, self.server.traffic.stopped):
                said = {"delta": {"content": " word"}} if chat else {"text": " word"}
                self._event({**base, "choices": [{"index": 0, **said, "finish_reason": "length" if last else None}]})
            if usage:
                self._event({**base, "choices": [], "usage": usage_of(request)})
            self._chunk(b"data: [DONE]\n\n")
            self._chunk(b"")
        except OSError:
            self.close_connection = True  # the client left; its request runs to its end

    def _whole(self, request: Streamed, chat: bool) -> None:
        text = " word" * sum(1 for _ in tokens_of(request, self.server.traffic.stopped))
        said = {"message": {"role": "assistant", "content": text}} if chat else {"text": text}
        choices = [{"index": 0, **said, "finish_reason": "length"}]
        self._json(200, {"id": f"cmpl-{request.id}", "model": MODEL, "choices": choices, "usage": usage_of(request)})

    def _event(self, data: dict[str, Any]) -> None:
        self._chunk(b"data: " + json.dumps(data).encode() + b"\n\n")

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    def _json(self, status: int, content: dict[str, Any]) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing: a line for each request would slow the server down."""


def tokens_of(request: Streamed, stopped: threading.Event) -> Iterator[bool]:
    """Yields as each token comes, true for the last; ends early when the server stops."""
    while not stopped.is_set():
        try:
            last = request.events.get(timeout=0.5)
        except queue.Empty:
            continue
        yield last
        if last:
            return
    raise BrokenPipeError


def usage_of(request: Request) -> dict[str, int]:
    prompt, output = request.prompt, request.tokens
    return {"prompt_tokens": prompt, "completion_tokens": output, "total_tokens": prompt + output}


def prompt_tokens(asked: dict[str, Any]) -> int:
    """A word is a token here, and so is an id."""
    if "messages" in asked:
        return sum(len(str(message.get("content", "")).split()) for message in asked["messages"])
    prompt = asked["prompt"]
    return len(prompt.split()) if isinstance(prompt, str) else len(prompt)


def parse_options() -> argparse.Namespace:
    fake = argparse.ArgumentParser(add_help=False)
    fake.add_argument("--fake", action="store_true")
    fake.add_argument("--cpu", action="store_true")
    faults = HOST_FAULTS
    asked = fake.parse_known_args()[0]
    if not asked.fake and not asked.cpu:
        try:
            from faults import FAULTS as faults
        except ModuleNotFoundError as error:
            raise SystemExit(f"{error}: without PyTorch only --cpu and --fake will do") from None
    parser = serving_parser(__doc__, faults, "openai-out", scratch_mib=4096)
    parser.add_argument("--port", type=int, default=8000)
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--cpu", action="store_true", help="a small model that computes, without PyTorch; faults of the host only")
    kind.add_argument("--fake", action="store_true", help="a model that sleeps, without PyTorch; faults of the host only")
    parser.add_argument("--step-ms", type=float, default=5, help="--fake: length of a decode step (default: %(default)s)")
    parser.add_argument("--layers", type=int, default=2)
    parser.add_argument("--dim", type=int, default=4096, help="width of the model (default: %(default)s)")
    parser.add_argument("--neighbour", default="", metavar="SOCKET", help="a running neighbour.py; started here if not given")
    parser.set_defaults(seconds=0, warm=0.5, profiler_api=False)
    options = parser.parse_args()
    check_serving_options(parser, options)
    return options


def equipment(options: argparse.Namespace, traffic: HttpTraffic) -> tuple[Runner, Planter]:
    if options.cpu:
        from cpu_model import CpuRunner

        return CpuRunner(options), Planter(HOST_FAULTS, Bench(options, traffic))
    if options.fake:
        from cpu import SleepRunner

        return SleepRunner(options), Planter(HOST_FAULTS, Bench(options, traffic))
    import torch
    from faults import FAULTS, GpuBench
    from serve import TorchRunner

    torch.manual_seed(options.seed)
    runner = TorchRunner(options)
    runner.model.warm_up(options.prompt_tokens)
    return runner, Planter(FAULTS, GpuBench(options, traffic, runner.model))


def main() -> None:
    options, stop = parse_options(), Stop()
    traffic = HttpTraffic(options)
    runner, planter = equipment(options, traffic)
    planter.prepare(options.fault)
    try:
        serve(Engine(options, runner, traffic, planter), stop, SHOWN)
    finally:
        traffic.server.shutdown()


if __name__ == "__main__":
    main()
