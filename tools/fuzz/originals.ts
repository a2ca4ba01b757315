import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { PACKAGE_ROOT } from '#core/package-root';
import { writeCaseRun } from './case-run.ts';
import { writeServerRun } from './server-run.ts';

/** A folder with a trace and the files around it that nothing is wrong with. */
export interface Original {
  readonly name: string;
  readonly folder: string;
  readonly trace: string;
  readonly weight: number;
}

/** A file in the layout of a tool, as it lies beside its reader. */
export interface Sample {
  readonly format: string;
  readonly path: string;
}

export interface Originals {
  readonly runs: readonly Original[];
  readonly samples: readonly Sample[];
  /** A case as `forensics capture` leaves it. */
  readonly case: string;
  /** A trace of PyTorch's profiler, as it writes it. */
  readonly kineto: string;
  /** A folder that no mutant may change. */
  readonly outside: string;
  /** What is there once a program that came with a case ran. */
  readonly programMark: string;
}

/** Real captures that are analyzed in well under a second: pipelines by copies through the host and by NCCL, and servers. */
const FIXTURES: Readonly<Record<string, number>> = { 'peer-copy-staged': 3, 'nccl-handoff': 3, 'host-blocked': 1, 'gpu-contention': 1 };
/** How often the small run of a server is taken. */
const SERVER_WEIGHT = 12;

const inPackage = (path: string): string => fileURLToPath(new URL(path, PACKAGE_ROOT));

function samples(): readonly Sample[] {
  const room = inPackage('src/input/formats/');
  return readdirSync(room, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .flatMap(({ name: format }) => {
      const file = readdirSync(join(room, format)).find(name => name.startsWith('sample.'));
      return file === undefined ? [] : [{ format, path: join(room, format, file) }];
    });
}

/** A copy of a fixture whose trace is unpacked. */
function fixture(name: string, folder: string): void {
  cpSync(inPackage(`fixtures/${name}`), folder, { recursive: true, filter: path => !/\.gz$|README\.md$|truth\.json$/.test(path) });
  writeFileSync(join(folder, 'trace.sqlite'), gunzipSync(readFileSync(inPackage(`fixtures/${name}/trace.sqlite.gz`))));
}

/** Makes what mutants are made from, or finds it made. @param folder where it lies, for all workers of a run */
export function originalsIn(folder: string): Originals {
  const [outside, programMark] = [join(folder, 'outside'), join(folder, 'a-program-ran')];
  if (!existsSync(folder)) {
    mkdirSync(outside, { recursive: true });
    writeFileSync(join(outside, 'report.html'), 'mine');
    writeServerRun(join(folder, 'server'));
    for (const name of Object.keys(FIXTURES)) fixture(name, join(folder, name));
    writeCaseRun(join(folder, 'case'), join(folder, 'server'), programMark);
    writeFileSync(join(folder, 'kineto.json'), gunzipSync(readFileSync(inPackage('test/kineto/rank1.pt.trace.json.gz'))));
  }
  const run = (name: string, weight: number) => ({ name, folder: join(folder, name), trace: join(folder, name, 'trace.sqlite'), weight });
  const runs = [run('server', SERVER_WEIGHT), ...Object.entries(FIXTURES).map(([name, weight]) => run(name, weight))];
  return { runs, samples: samples(), case: join(folder, 'case'), kineto: join(folder, 'kineto.json'), outside, programMark };
}
