import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Seconds } from '#core/units';
import type { GpuWatch } from '#record/checkup/gpu-watch';
import { until } from '#record/processes/end';
import type { StopSignals } from '#record/processes/interruption';
import type { CheckupLoad } from '#schema/checkup';
import type { CheckupRequest } from './request.ts';
import { sendLoad } from './send-load.ts';

/** Tokens of prompts whose throughput `--full` compares, before the load under which it watches the GPUs. */
const PROMPT_SIZES = [64, 512, 2048];
const PROMPT_TOKENS = 64;

/** What came of the loads, and which of the readings were taken during the last of them. */
export interface Sent {
  readonly loads: readonly CheckupLoad[];
  readonly from: number;
  readonly to: number;
}

/** The loads of a checkup, one after the other; the GPUs are judged by what they did during the last. @param folder for logs */
export async function sendLoads(
  request: CheckupRequest,
  watch: GpuWatch,
  folder: string,
  signals: StopSignals,
  progress: (step: string) => void,
): Promise<Sent> {
  const { target, kind, seconds, concurrency } = request;
  const loads: CheckupLoad[] = [];
  const send = async (promptTokens: number, each: Seconds, inFlight: number) => {
    if (target === undefined || signals.stop.aborted) return;
    const into = join(folder, `load-${loads.length}`);
    mkdirSync(into);
    progress(`sending prompts of ${promptTokens} tokens for ${Math.round(each)} s`);
    loads.push(await sendLoad(target, { promptTokens, concurrency: inFlight, seconds: each }, into, signals));
  };
  if (kind === 'full') for (const size of PROMPT_SIZES) await send(size, seconds / PROMPT_SIZES.length, 1);
  const from = watch.rounds().length;
  if (target === undefined) await until(() => signals.stop.aborted, seconds);
  else await send(PROMPT_TOKENS, seconds, concurrency);
  return { loads, from, to: watch.rounds().length };
}
