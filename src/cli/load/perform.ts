import { existsSync, rmdirSync } from 'node:fs';
import { setPriority } from 'node:os';
import { LOAD_GENERATOR } from '#app/paths';
import { version } from '#app/version';
import type { Interrupts } from '#record/capture/interrupts';
import { inProcess } from '#record/load-test/generator/generators';
import { firstModel, probe } from '#record/load-test/generator/probe';
import { runLoad } from '#record/load-test/generator/run-load';
import type { LoadSettings } from '#record/load-test/generator/settings';
import type { Target } from '#record/load-test/generator/target';
import { Load } from '#schema/load';
import { emptyFolder } from '../monitor/run-monitor.ts';
import { tell, writeFiles } from '../output.ts';
import { lengthWords } from './load-settings.ts';
import { terminalObserver } from './observer.ts';
import type { ArrivalWish } from './patterns.ts';

const arrivalWords = (wish: ArrivalWish): string => {
  switch (wish.kind) {
    case 'gamma':
      return `gamma:${wish.cv}`;
    case 'ramp':
      return `ramp:${wish.from}-${wish.to}`;
    default:
      return wish.kind;
  }
};
const finite = (n: number): number | null => (Number.isFinite(n) ? n : null);

/** Asks an endpoint what it is, unless it is plain HTTP: one request more might be one too many there. */
export async function ready(target: Target): Promise<Target> {
  if (target.api === 'http') return target;
  const named = target.model === null ? { ...target, model: await firstModel(target) } : target;
  const known = await probe(named);
  tell(
    `model ${known.model}; the server ${known.includeUsage ? 'counts' : 'does not count'} tokens${target.ignoreEos && !known.ignoreEos ? ', and does not know ignore_eos: answers may be shorter than asked' : ''}`,
  );
  return { ...known, ignoreEos: target.ignoreEos && known.ignoreEos };
}

/** Lower than that of the generators, which began with ours and keep it. */
const NICENESS = 10;

/** Files and the view in the terminal can wait; who sends and stamps cannot. */
function stepAside(): void {
  try {
    setPriority(0, NICENESS);
  } catch {
    // Not everywhere may a process do even that; then all are equals.
  }
}

/** A folder with nothing in it is of no use to anybody. */
function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // It holds what was measured until the failure.
  }
}

/** Runs a load test into a new folder. @throws ForensicsError bad-argument, not-found, not-writable, unsupported */
export async function perform(
  settings: LoadSettings,
  wish: ArrivalWish,
  out: string,
  interrupts: Interrupts,
): Promise<{ load: Load; folder: string }> {
  const isOurs = !existsSync(out);
  const folder = emptyFolder(out);
  const { target, pattern } = settings;
  const observer = terminalObserver();
  // By the first stage all generators run.
  const stage: typeof observer.stage = begun => {
    stepAside();
    observer.stage(begun);
  };
  const result = await runLoad(settings, folder, inProcess(LOAD_GENERATOR), { ...observer, stage }, interrupts).catch((error: unknown) => {
    if (isOurs) removeEmpty(folder);
    throw error;
  });
  const llm = target.api !== 'http';
  const load = Load.parse({
    schema: 'forensics.load/1',
    tool: { name: 'forensics', version: version() },
    url: `${target.origin}${target.path.split('?')[0]}`,
    api: target.api,
    model: target.model,
    loop: pattern.loop,
    arrivals: pattern.loop === 'open' ? arrivalWords(wish) : null,
    rate_per_s: pattern.loop === 'open' && 'rate' in pattern.arrivals ? pattern.arrivals.rate : null,
    duration_s: finite(pattern.duration),
    warm_up_s: settings.warmUp,
    prompt_tokens: llm ? lengthWords(settings.promptTokens) : null,
    output_tokens: llm ? lengthWords(settings.outputTokens) : null,
    seed: settings.seed,
    generators: settings.generators,
    timeout_s: settings.limits.timeout,
    ignore_eos: target.ignoreEos,
    include_usage: target.includeUsage,
    ...result,
  } satisfies Load);
  writeFiles(folder, { 'load.json': `${JSON.stringify(load, null, 2)}\n` });
  return { load, folder };
}
