import { LogTally } from '#input/formats/shared/log-tally';
import { decimal } from '#input/text/decimal';
import type { FactRow } from '#schema/relation';

/** `(EngineCore pid=120) INFO 06-01 09:22:30 [kv_cache_utils.py:1733] …`; before 0.8 the file has no opening bracket. */
export const KNOWN = /(?:^|[\s)\ufeff])(?:DEBUG|INFO|WARNING|ERROR|CRITICAL) \d\d-\d\d \d\d:\d\d:\d\d \[?[\w./-]{1,80}\.py:\d{1,6}\] /;
/** The same, whatever its time, which is not read. */
const LINE = /(?:^|[\s)\ufeff])(DEBUG|INFO|WARNING|ERROR|CRITICAL) \S{1,60} \S{1,80} \[?[\w./-]{1,80}\.py:[^\]\s]{0,60}\] (.*)$/;

const VERSION = /^(?:Initializing an? (?:V[01] )?LLM engine \(v|vLLM API server version )(\d[\w.+-]{0,60})/;
/** In the configuration of an engine, `tensor_parallel_size=2`, and among the arguments, `'tensor_parallel_size': 2`. */
const SETTINGS =
  /\b(tensor_parallel_size|pipeline_parallel_size|data_parallel_size|max_seq_len|max_model_len|gpu_memory_utilization)(?:=|'?: )(\d{1,9}(?:\.\d{1,6})?)(?=, |[})\s]|$)/g;
const DTYPE = /\bdtype=(?:torch\.)?([a-z\d_]{1,20})/;
const CACHE = /^GPU KV cache size: (\d{1,3}(?:,\d{3}){0,4}|\d{4,13}) tokens/;
const CONCURRENCY = /^Maximum concurrency for [\d,]{1,12} tokens per request: (\d{1,9}(?:\.\d{1,3})?)x/;
const NCCL = /^vLLM is using nccl==(\d[\d.]{0,20})/;
const WAITING = /\b(?:Waiting|Pending): (\d{1,9}) reqs/;
const RUNNING = /\bRunning: (\d{1,9}) reqs/;
const CACHE_USED = /\bGPU KV cache usage: (\d{1,3}(?:\.\d{1,3})?)%/;
/** Since 0.4; V0 writes one line for each fifty, with how many there were. */
const PREEMPTED = /\bis preempted (?:by|in) PreemptionMode\b|^Preempting request\b/;
const PREEMPTED_SO_FAR = /\btotal(?:_num)?_cumulative_preemption(?:_cnt)?=(\d{1,9})(?=\s|$)/;
const OUT_OF_MEMORY = /\bCUDA (?:error: )?out of memory\b/i;
/** Of an error its class alone: what follows may quote requests and paths. */
const EXCEPTION = /\b([A-Z]\w{0,60}(?:Error|Exception))\b/;
const NCCL_ERROR = /\bNCCL error\b|\bnccl(?:UnhandledCuda|System|Internal|InvalidArgument|InvalidUsage|Remote)Error\b/;
const CACHE_TOO_SMALL =
  /max seq len \([\d,]+\) is larger than the maximum number of tokens that can be stored in KV cache|No available memory for the cache blocks|larger than the available KV cache memory/;

/** A setting goes by one name, whatever the version calls it. */
const NAMES: Readonly<Record<string, string>> = { max_seq_len: 'max_model_len' };

/** What vLLM says of itself, gathered line by line. */
export class EngineLines {
  readonly #engine = new LogTally('vLLM');
  readonly #nccl = new LogTally('NCCL');
  #preemptedSoFar = 0;
  #preempted = 0;
  #isSeen = false;

  /** @param line without its line break */
  take(line: string): void {
    const [, level, said = ''] = LINE.exec(line) ?? [];
    if (level !== undefined && !this.#isSeen) {
      this.#isSeen = true;
      for (const name of ['out_of_memory', 'nccl_errors']) this.#engine.count(name, 0);
    }
    // Tracebacks go on below the line that begins them, with or without its head.
    if (OUT_OF_MEMORY.test(line)) this.#engine.count('out_of_memory');
    if (NCCL_ERROR.test(line)) this.#engine.count('nccl_errors');
    if (CACHE_TOO_SMALL.test(line)) this.#engine.state('kv_cache_too_small', true);
    if (level === undefined) return;
    if (level === 'ERROR' || level === 'CRITICAL') this.#engine.state('first_error', EXCEPTION.exec(said)?.[1]);
    this.#begun(said);
    this.#load(said);
  }

  #begun(said: string): void {
    const version = VERSION.exec(said)?.[1];
    this.#engine.state('version', version);
    if (version !== undefined || said.startsWith('non-default args')) {
      for (const [, name = '', digits = ''] of said.matchAll(SETTINGS)) this.#engine.state(NAMES[name] ?? name, decimal(digits));
      this.#engine.state('dtype', DTYPE.exec(said)?.[1]);
    }
    const tokens = CACHE.exec(said)?.[1];
    this.#engine.state('kv_cache_tokens', tokens === undefined ? undefined : decimal(tokens.replaceAll(',', '')));
    this.#engine.state('max_concurrency', decimal(CONCURRENCY.exec(said)?.[1] ?? ''), 'x');
    this.#nccl.state('version', NCCL.exec(said)?.[1]);
  }

  #load(said: string): void {
    const [waiting, running, used] = [WAITING, RUNNING, CACHE_USED].map(of => decimal(of.exec(said)?.[1] ?? ''));
    if (waiting !== undefined) this.#engine.most('waiting_max', waiting);
    if (running !== undefined) this.#engine.most('running_max', running);
    if (used !== undefined) this.#engine.most('kv_cache_usage_max', used, '%');
    if (!PREEMPTED.test(said)) return;
    this.#preempted += 1;
    this.#preemptedSoFar = Math.max(this.#preemptedSoFar, Number(PREEMPTED_SO_FAR.exec(said)?.[1] ?? 0));
  }

  rows(): readonly FactRow[] {
    if (this.#isSeen) this.#engine.most('preemptions', Math.max(this.#preempted, this.#preemptedSoFar));
    return [...this.#engine.rows(), ...this.#nccl.rows()];
  }
}
