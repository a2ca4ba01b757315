import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
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
  /** What the tools print that tell the state of a machine, and what tests of it left. */
  readonly machine: string;
  /** Limits that a run must reach. */
  readonly targets: string;
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

/** Formats that tell the state of a machine, or what it reaches. */
const OF_MACHINE = [
  ...['nvidia-smi-xml', 'nvidia-smi-topo', 'nvidia-smi-nvlink', 'xid-log', 'fabricmanager', 'nccl-log', 'vllm-log'],
  ...['nvbandwidth', 'nccl-tests', 'gpu-burn', 'superbench-diagnosis', 'dcgmi-diag', 'forensics-physics'],
];
const TARGETS = {
  schema: 'forensics.targets/1',
  kwh_usd: 0.16,
  targets: [
    { metric: 'tok/s', at_least: 100 },
    { metric: 'e2e p99', below: 200 },
  ],
};

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
    mkdirSync(join(folder, 'machine'));
    for (const { format, path } of samples().filter(sample => OF_MACHINE.includes(sample.format)))
      cpSync(path, join(folder, 'machine', `${format}${extname(path)}`));
    writeFileSync(join(folder, 'targets.json'), JSON.stringify(TARGETS, null, 2));
    writeFileSync(join(folder, 'kineto.json'), gunzipSync(readFileSync(inPackage('test/kineto/rank1.pt.trace.json.gz'))));
  }
  const run = (name: string, weight: number) => ({ name, folder: join(folder, name), trace: join(folder, name, 'trace.sqlite'), weight });
  const runs = [run('server', SERVER_WEIGHT), ...Object.entries(FIXTURES).map(([name, weight]) => run(name, weight))];
  return {
    ...{ runs, samples: samples(), outside, programMark },
    ...{ case: join(folder, 'case'), machine: join(folder, 'machine') },
    ...{ kineto: join(folder, 'kineto.json'), targets: join(folder, 'targets.json') },
  };
}
