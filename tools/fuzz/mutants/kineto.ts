import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Ask, Mutant, Workshop } from './mutant.ts';
import { spoilt } from './text-changes.ts';

/** Who is asked about a trace of PyTorch's profiler. */
const ASKS: readonly { readonly weight: number; readonly ask: (trace: string, folder: string) => Ask }[] = [
  { weight: 6, ask: trace => ({ by: 'analysis', path: trace, named: {} }) },
  { weight: 1, ask: trace => ({ by: 'command', words: ['doctor', trace] }) },
  { weight: 1, ask: trace => ({ by: 'command', words: ['query', 'gpu_list', trace, '--json'] }) },
  { weight: 1, ask: (trace, folder) => ({ by: 'command', words: ['pipeline', trace, '--out', join(folder, 'report')] }) },
  { weight: 1, ask: trace => ({ by: 'command', words: ['redact', trace] }) },
];

/** Makes a trace of PyTorch's profiler that was spoilt. */
export function kinetoTrace({ folder, chance, originals }: Workshop): Mutant {
  const [changed, done] = spoilt(readFileSync(originals.kineto), chance);
  const packed = chance.oneIn(5);
  const trace = join(folder, `run.pt.trace.json${packed ? '.gz' : ''}`);
  writeFileSync(trace, packed ? gzipSync(changed) : changed);
  return { what: `kineto: ${done}${packed ? ', gzipped' : ''}`, ask: chance.weighted(ASKS).ask(trace, folder) };
}
