import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Sample } from '../originals.ts';
import type { Ask, Mutant, Workshop } from './mutant.ts';
import { spoilt } from './text-changes.ts';

const command = (...words: readonly string[]): Ask => ({ by: 'command', words });

/** Who is asked about a spoilt file: its reader, the audit, the pricing of a run, and the analysis of a trace that it lies beside. */
function askAbout({ folder, chance, originals }: Workshop, file: string): Ask {
  const [server] = originals.runs;
  if (server === undefined) throw new Error('there is no run to lay a file beside');
  const draw = chance.below(100);
  if (draw < 45) return { by: 'reader', file };
  if (draw < 65) return command('audit', file, '--json');
  if (draw < 72) return command('audit', file);
  if (draw < 82) return command('energy', file, join(server.folder, 'gpu.csv'), '--gpu-hour-usd', '2');
  if (draw < 90) return command('energy', file, '--json');
  if (draw < 95) {
    const kind = chance.pick(['requests', 'gpu', 'host'] as const);
    return { by: 'analysis', path: server.trace, named: kind === 'requests' ? { requests: file } : { [kind]: [file] } };
  }
  // The folder holds the file in place of one of its kind, or beside it.
  cpSync(server.folder, join(folder, 'run'), { recursive: true });
  cpSync(file, join(folder, 'run', chance.pick(['requests.jsonl', 'gpu.csv', 'host.csv', 'another.txt'])));
  return { by: 'analysis', path: join(folder, 'run'), named: {} };
}

/** A file of the small run, whose times lie where the trace's do: changes of it reach the analysis itself. */
function ownFile({ chance, originals }: Workshop): Sample {
  const run = chance.weighted(originals.runs.filter(r => r.name !== 'peer-copy-staged' && r.name !== 'nccl-handoff'));
  const name = chance.pick(['requests.jsonl', 'gpu.csv', 'host.csv']);
  return { format: `${run.name}/${name}`, path: join(run.folder, name) };
}

/** Makes a file of a tool that was spoilt. */
export function readerFile(workshop: Workshop): Mutant {
  const { folder, chance, originals } = workshop;
  const sample = chance.pick(originals.samples);
  const bytes = readFileSync(sample.path);
  const [changed, done] = spoilt(bytes, chance);
  const packed = chance.oneIn(25);
  const file = join(folder, `file${extname(sample.path)}`);
  writeFileSync(file, packed ? gzipSync(changed).subarray(0, chance.oneIn(2) ? undefined : -9) : changed);
  return { what: `${sample.format}: ${done}${packed ? ', gzipped' : ''}`, ask: askAbout(workshop, file) };
}

/** Makes a run whose load test or telemetry was spoilt. */
export function fileOfRun(workshop: Workshop): Mutant {
  const { folder, chance } = workshop;
  const own = ownFile(workshop);
  const [run = '', name = ''] = own.format.split('/');
  cpSync(join(own.path, '..'), join(folder, 'run'), { recursive: true });
  const [changed, done] = spoilt(readFileSync(own.path), chance);
  writeFileSync(join(folder, 'run', name), changed);
  const energy = chance.oneIn(4);
  const words = ['energy', join(folder, 'run', 'gpu.csv'), join(folder, 'run', 'requests.jsonl'), '--json'];
  return {
    what: `${run}, ${name}: ${done}`,
    ask: energy ? { by: 'command', words } : { by: 'analysis', path: join(folder, 'run'), named: {} },
  };
}
