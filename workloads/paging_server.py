#!/usr/bin/env python3
"""An LLM server without an LLM, whose storage is real: to try experiments on storage pressure on (docs/storage.md).

It speaks OpenAI's completions and chat, and Triton's generate and generate_stream. What a GPU would compute is waited for; what a disk would be asked is
really asked of the disk:

* paging: each sequence has a KV cache of --kv-bytes a token, in a file. Each token reads all of its sequence. Of all sequences at most --cache-mib are
  kept in memory; what is taken out is read from the disk when it is wanted again, through a mapping (major faults) or past the page cache (O_DIRECT).
* adapters: an adapter (LoRA) that is not among the --adapter-slots last ones is read from its file in --adapters, through the page cache.
* queue: at most --slots sequences are served at once; the others wait.

Each can be switched off: --without paging,adapters,queue. GET /stats tells what was read. Standard library alone.

    paging_server.py lay DIR --count 64 --mib 4          files of weights, and lists of 4, 16 and 64 of them
    paging_server.py serve --port 8355 --adapters DIR    serves until it is ended
"""

import argparse
import collections
import contextlib
import json
import mmap
import os
import pathlib
import signal
import threading
import time
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MIB = 2**20
EFFECTS = ("queue", "paging", "adapters")
# What is read and evicted together: a few pages of the kernel, as a block of a paged KV cache.
BLOCK = 16 * 1024
LISTS = (4, 16, 64)


class Kept:
    """The last so many of something, by use."""

    def __init__(self, most, evict):
        self.most, self.evict = most, evict
        self.order = collections.OrderedDict()
        self.lock = threading.Lock()

    def use(self, key):
        """Says whether it was there; it is now, and the one that was not used for longest may have gone."""
        with self.lock:
            hit = key in self.order
            self.order[key] = True
            self.order.move_to_end(key)
            while len(self.order) > self.most:
                self.evict(self.order.popitem(last=False)[0])
            return hit


class Pager:
    """A KV cache in a file, of which a part is kept in memory."""

    def __init__(self, file, blocks, cache_blocks, how):
        self.how, self.reads = how, 0
        self.free, self.lock = list(range(blocks)), threading.Lock()
        lay_file(file, blocks * BLOCK)
        flags = os.O_RDONLY | (os.O_DIRECT if how == "direct" else 0)
        self.fd = os.open(file, flags)
        os.posix_fadvise(self.fd, 0, 0, os.POSIX_FADV_DONTNEED)
        self.map = mmap.mmap(self.fd, blocks * BLOCK, prot=mmap.PROT_READ) if how == "mmap" else None
        if self.map is not None:
            # Each fault reads its own page: what is read ahead would hide who wanted it.
            self.map.madvise(mmap.MADV_RANDOM)
        self.kept = Kept(cache_blocks, self.evict)
        self.buffers = threading.local()

    def allocate(self, tokens, kv_bytes):
        wanted = -(-tokens * kv_bytes // BLOCK)
        with self.lock:
            if wanted > len(self.free):
                return None
            # The ones that were given back last: they are the likeliest to be in memory.
            taken, self.free = self.free[-wanted:], self.free[:-wanted]
            return taken

    def release(self, blocks):
        with self.lock:
            self.free.extend(blocks)

    def evict(self, block):
        if self.map is not None:
            self.map.madvise(mmap.MADV_DONTNEED, block * BLOCK, BLOCK)
            os.posix_fadvise(self.fd, block * BLOCK, BLOCK, os.POSIX_FADV_DONTNEED)

    def touch(self, blocks):
        for block in blocks:
            hit = self.kept.use(block)
            if not hit:
                self.reads += 1
            if self.map is not None:
                # The checksum runs without Python's lock, so one fault does not hold up the others.
                with memoryview(self.map)[block * BLOCK : (block + 1) * BLOCK] as view:
                    zlib.crc32(view)
            elif not hit:
                buffer = getattr(self.buffers, "own", None) or mmap.mmap(-1, BLOCK)
                self.buffers.own = buffer
                os.preadv(self.fd, [buffer], block * BLOCK)


class Adapters:
    """Weights in files, of which the last ones used are kept."""

    def __init__(self, folder, slots):
        self.folder, self.loads, self.bytes = folder, 0, 0
        self.weights = {}
        self.kept = Kept(slots, lambda name: self.weights.pop(name, None))
        # An engine loads one at a time, and the others wait.
        self.loading = threading.Lock()

    def file(self, name):
        path = self.folder / f"{name}.bin"
        return path if "/" not in name and path.is_file() else None

    def load(self, name):
        with self.loading:
            if self.kept.use(name) and name in self.weights:
                return
            self.weights[name] = self.file(name).read_bytes()
            self.loads += 1
            self.bytes += len(self.weights[name])


class Engine:
    def __init__(self, options):
        self.options = options
        self.on = {effect: effect not in options.without for effect in EFFECTS}
        self.slots = threading.Semaphore(options.slots if self.on["queue"] else 1_000_000)
        blocks = options.kv_mib * MIB // BLOCK
        cache = options.cache_mib * MIB // BLOCK
        self.pager = Pager(options.kv_file, blocks, cache, options.pager) if self.on["paging"] else None
        self.adapters = Adapters(options.adapters, options.adapter_slots) if options.adapters else None

    def answer(self, prompt_tokens, tokens, adapter, send):
        """Calls send for each token, when it is ready. False where there is no room for the sequence."""
        with self.slots:
            if adapter is not None and self.on["adapters"]:
                self.adapters.load(adapter)
            blocks = self.pager.allocate(prompt_tokens + tokens, self.options.kv_bytes) if self.pager else []
            if blocks is None:
                return False
            try:
                self.compute(prompt_tokens * self.options.prefill_us / 1e6)
                for _ in range(tokens):
                    if self.pager:
                        self.pager.touch(blocks)
                    self.compute(self.options.token_ms / 1e3)
                    send()
            finally:
                if self.pager:
                    self.pager.release(blocks)
        return True

    @staticmethod
    def compute(seconds):
        if seconds > 0:
            time.sleep(seconds)

    def stats(self):
        return {
            "blocks_read": self.pager.reads if self.pager else 0,
            "block_bytes": BLOCK,
            "adapter_loads": self.adapters.loads if self.adapters else 0,
            "adapter_bytes": self.adapters.bytes if self.adapters else 0,
        }


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Each event leaves when it is written.
    wbufsize = 0
    engine = None

    def log_message(self, *_):
        pass

    def setup(self):
        super().setup()
        self.connection.setsockopt(6, 1, 1)

    def json(self, status, content):
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if self.path in ("/health", "/v2/health/ready", "/v2/health/live"):
            return self.json(200, {})
        if self.path == "/v1/models":
            return self.json(200, {"object": "list", "data": [{"id": "base", "object": "model"}]})
        if self.path == "/stats":
            return self.json(200, self.engine.stats())
        return self.json(404, {"error": {"message": "no such path"}})

    def do_POST(self):
        try:
            asked = json.loads(self.rfile.read(int(self.headers.get("content-length") or 0)))
            if not isinstance(asked, dict):
                raise ValueError
        except ValueError:
            return self.json(400, {"error": {"message": "the body is no JSON object"}})
        if self.path.endswith(("/generate", "/generate_stream")):
            return self.triton(asked, self.path.endswith("_stream"))
        if self.path in ("/v1/completions", "/v1/chat/completions"):
            return self.openai(asked, self.path.endswith("chat/completions"))
        return self.json(404, {"error": {"message": "no such path"}})

    def known(self, adapter):
        """Whether an adapter can be asked for; answers 404 where it cannot."""
        if adapter is None or (self.engine.adapters and self.engine.adapters.file(adapter)):
            return True
        self.json(404, {"error": {"message": f"no adapter or model {adapter}"}})
        return False

    def triton(self, asked, stream):
        parameters = asked.get("parameters")
        named = {**asked, **(parameters if isinstance(parameters, dict) else {})}
        adapter = named.get("lora_name")
        if not self.known(adapter):
            return None
        prompt_tokens = len(str(asked.get("text_input", "")).split())
        tokens = int(named.get("max_tokens", 16))
        if stream:
            return self.stream(prompt_tokens, tokens, adapter, lambda: {"model_name": "base", "text_output": " word"}, [])
        if not self.engine.answer(prompt_tokens, tokens, adapter, lambda: None):
            return self.json(503, {"error": "no room for the sequence"})
        return self.json(200, {"model_name": "base", "text_output": " word" * tokens})

    def openai(self, asked, chat):
        model = asked.get("model", "base")
        adapter = None if model == "base" else model
        if not self.known(adapter):
            return None
        messages = asked.get("messages")
        said = " ".join(str(m.get("content", "")) for m in messages) if chat and isinstance(messages, list) else str(asked.get("prompt", ""))
        prompt_tokens, tokens = len(said.split()), int(asked.get("max_tokens", 16))
        piece = {"delta": {"content": " word"}} if chat else {"text": " word"}
        last = {"delta": {}} if chat else {"text": ""}
        usage = {"prompt_tokens": prompt_tokens, "completion_tokens": tokens, "total_tokens": prompt_tokens + tokens}
        ending = [{"choices": [{"index": 0, **last, "finish_reason": "length"}]}]
        if (asked.get("stream_options") or {}).get("include_usage"):
            ending.append({"choices": [], "usage": usage})
        event = {"choices": [{"index": 0, **piece, "finish_reason": None}]}
        return self.stream(prompt_tokens, tokens, adapter, lambda: event, [*ending, "[DONE]"])

    def stream(self, prompt_tokens, tokens, adapter, event, ending):
        begun = False

        def chunk(data):
            text = f"data: {data if isinstance(data, str) else json.dumps(data)}\n\n".encode()
            self.wfile.write(b"%x\r\n%s\r\n" % (len(text), text))

        def send():
            nonlocal begun
            if not begun:
                self.send_response(200)
                self.send_header("content-type", "text/event-stream")
                self.send_header("transfer-encoding", "chunked")
                self.end_headers()
                begun = True
            chunk(event())

        # A client that left is no fault of ours.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            if not self.engine.answer(prompt_tokens, tokens, adapter, send):
                return self.json(503, {"error": {"message": "no room for the sequence"}})
            for data in ending:
                chunk(data)
            self.wfile.write(b"0\r\n\r\n")
        return None


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 1024


def lay_file(path, size):
    """Fills a file with what does not compress, unless it is there."""
    path = pathlib.Path(path)
    if path.is_file() and path.stat().st_size == size:
        return
    part = path.with_name(path.name + ".part")
    with part.open("wb") as out:
        for at in range(0, size, MIB):
            out.write(os.urandom(min(MIB, size - at)))
        out.flush()
        os.fsync(out.fileno())
    part.rename(path)


def limit_memory(mib):
    """Puts this process under a limit of its own, by either version of cgroups. Says why not where that is not allowed."""
    for base, limit in (("/sys/fs/cgroup", "memory.max"), ("/sys/fs/cgroup/memory", "memory.limit_in_bytes")):
        group = pathlib.Path(base) / f"paging-server-{os.getpid()}"
        try:
            group.mkdir()
            (group / limit).write_text(str(mib * MIB))
            (group / "cgroup.procs").write_text(str(os.getpid()))
            return f"memory is limited to {mib} MiB in {group}"
        except OSError as error:
            with contextlib.suppress(OSError):
                group.rmdir()
            why = error
    return f"memory is not limited: {why}"


def lay(options):
    folder = options.folder
    folder.mkdir(parents=True, exist_ok=True)
    names = [f"lora{i:02}" for i in range(options.count)]
    for name in names:
        lay_file(folder / f"{name}.bin", options.mib * MIB)
    for size in (size for size in LISTS if size <= options.count):
        (folder / f"lora_list_{size}.txt").write_text("".join(f"{name} {name}.bin\n" for name in names[:size]))


def serve(options):
    if options.memory_limit_mib:
        print(limit_memory(options.memory_limit_mib), flush=True)
    # Of the process alone, before a thread is made.
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    Handler.engine = Engine(options)
    server = Server(("127.0.0.1", options.port), Handler)
    print(f"serving on 127.0.0.1:{server.server_address[1]}, without {','.join(options.without) or 'nothing'}", flush=True)
    server.serve_forever()


def effects(text):
    named = [effect for effect in text.split(",") if effect]
    unknown = [effect for effect in named if effect not in EFFECTS]
    if unknown:
        raise argparse.ArgumentTypeError(f"{unknown[0]} is none of {', '.join(EFFECTS)}")
    return named


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    laying = commands.add_parser("lay", help="write files of weights, and lists of them")
    laying.add_argument("folder", type=pathlib.Path)
    laying.add_argument("--count", type=int, default=64)
    laying.add_argument("--mib", type=int, default=4)
    laying.set_defaults(run=lay)
    serving = commands.add_parser("serve", help="serve until ended")
    serving.add_argument("--port", type=int, default=8000)
    serving.add_argument("--without", type=effects, default=[], help=f"effects that are switched off, of {', '.join(EFFECTS)}")
    serving.add_argument("--slots", type=int, default=8, help="sequences that are served at once")
    serving.add_argument("--token-ms", type=float, default=5, help="of computing a token")
    serving.add_argument("--prefill-us", type=float, default=20, help="of computing a token of the prompt")
    serving.add_argument("--kv-file", type=pathlib.Path, default=pathlib.Path("paging-server-kv.bin"), help="on the disk under test")
    serving.add_argument("--kv-mib", type=int, default=64, help="of that file")
    serving.add_argument("--kv-bytes", type=int, default=4096, help="of KV cache a token")
    serving.add_argument("--cache-mib", type=int, default=16, help="of it that are kept in memory")
    serving.add_argument("--pager", choices=("mmap", "direct"), default="mmap", help="mapping with faults, or O_DIRECT reads")
    serving.add_argument("--adapters", type=pathlib.Path, help="folder with NAME.bin of each adapter")
    serving.add_argument("--adapter-slots", type=int, default=4, help="adapters that are kept in memory")
    serving.add_argument("--memory-limit-mib", type=int, default=0, help="a cgroup's limit on this process, where that is allowed")
    serving.set_defaults(run=serve)
    options = parser.parse_args()
    options.run(options)


if __name__ == "__main__":
    main()
