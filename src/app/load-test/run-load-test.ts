import { existsSync, rmdirSync } from 'node:fs';
import { emptyFolder, writeFiles } from '#app/files/write-files';
import { LOAD_GENERATOR } from '#app/paths';
import { version } from '#app/version';
import { inProcess } from '#record/load-test/generator/generators';
import { firstModel, probe } from '#record/load-test/generator/probe';
import { type LoadObserver, runLoad } from '#record/load-test/generator/run-load';
import type { LoadSettings } from '#record/load-test/generator/settings';
import type { Target } from '#record/load-test/generator/target';
import type { StopSignals } from '#record/processes/interruption';
import { Load } from '#schema/load';
import { arrivalWords, lengthWords } from './wording.ts';

const finite = (n: number): number | null => (Number.isFinite(n) ? n : null);

/**
 * Asks an endpoint what it is, unless it is plain HTTP: one request more might be one too many there.
 * @throws ForensicsError bad-argument, unsupported
 */
export async function probeTarget(target: Target, progress: (step: string) => void): Promise<Target> {
  if (target.api === 'http') return target;
  const { replicas = [], ...first } = target;
  const known = await probeOne(first, progress);
  // What one of them does not know is asked of none.
  const others: Target[] = [];
  for (const origin of replicas) others.push(await probeOne({ ...first, model: known.model, origin }, progress));
  const all = (of: 'ignoreEos' | 'includeUsage') => [known, ...others].every(one => one[of]);
  return { ...known, ...(replicas.length > 0 ? { replicas } : {}), ignoreEos: all('ignoreEos'), includeUsage: all('includeUsage') };
}

async function probeOne(target: Target, progress: (step: string) => void): Promise<Target> {
  const asksForModel = target.api !== 'triton';
  const named = asksForModel && target.model === null ? { ...target, model: await firstModel(target) } : target;
  const known = await probe(named);
  if (!asksForModel) return known;
  progress(
    `model ${known.model}; the server ${known.includeUsage ? 'counts' : 'does not count'} tokens${target.ignoreEos && !known.ignoreEos ? ', and does not know ignore_eos: answers may be shorter than asked' : ''}`,
  );
  return { ...known, ignoreEos: target.ignoreEos && known.ignoreEos };
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
export async function runLoadTest(
  settings: LoadSettings,
  out: string,
  observer: LoadObserver,
  signals: StopSignals,
): Promise<{ load: Load; folder: string }> {
  const isOurs = !existsSync(out);
  const folder = emptyFolder(out);
  const load = await sendInto(settings, folder, observer, signals).catch((error: unknown) => {
    if (isOurs) removeEmpty(folder);
    throw error;
  });
  return { load, folder };
}

/** Runs a load test, and writes its log and load.json into a folder that is there. @throws ForensicsError bad-argument, not-found, not-writable, unsupported */
export async function sendInto(settings: LoadSettings, folder: string, observer: LoadObserver, signals: StopSignals): Promise<Load> {
  const { target, pattern } = settings;
  const result = await runLoad(settings, folder, inProcess(LOAD_GENERATOR), observer, signals);
  const llm = target.api !== 'http';
  const load = Load.parse({
    schema: 'forensics.load/1',
    tool: { name: 'forensics', version: version() },
    url: `${target.origin}${target.path.split('?')[0]}`,
    api: target.api,
    model: target.model,
    loop: pattern.loop,
    arrivals: pattern.loop === 'open' ? arrivalWords(pattern.arrivals) : null,
    rate_per_s: pattern.loop === 'open' && 'rate' in pattern.arrivals ? pattern.arrivals.rate : null,
    duration_s: finite(pattern.duration),
    warm_up_s: settings.warmUp,
    prompt_tokens: llm && target.promptText === undefined ? lengthWords(settings.promptTokens) : null,
    output_tokens: llm ? lengthWords(settings.outputTokens) : null,
    adapters: target.adapters === undefined ? null : { ...target.adapters, names: target.adapters.names.length },
    nonce: target.hasNonce === true,
    seed: settings.seed,
    generators: settings.generators,
    timeout_s: settings.limits.timeout,
    ignore_eos: target.ignoreEos,
    include_usage: target.includeUsage,
    ...result,
  } satisfies Load);
  writeFiles(folder, { 'load.json': `${JSON.stringify(load, null, 2)}\n` });
  return load;
}
