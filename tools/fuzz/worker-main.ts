import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { originalsIn } from './originals.ts';
import { perform } from './perform.ts';
import { type Answer, MOST_BYTES, type Task } from './protocol.ts';

/** What a command may start. An nsys that answers who asks for its version, and exports any recording as the small run. */
function programs(folder: string, trace: string): string {
  if (existsSync(folder)) return folder;
  mkdirSync(folder);
  for (const name of ['xz', 'zstd', 'true']) if (existsSync(`/usr/bin/${name}`)) symlinkSync(`/usr/bin/${name}`, join(folder, name));
  const nsys = `#!/bin/sh
case "$*" in
  --version) echo 'NVIDIA Nsight Systems version 2025.3.1.90-253135822126v0' ;;
  *--help) echo 'usage' ;;
  export*--output*) while [ "$1" != --output ]; do shift; done; /bin/cp '${trace}' "$2" ;;
  *) exit 1 ;;
esac
`;
  writeFileSync(join(folder, 'nsys'), nsys, { mode: 0o755 });
  return folder;
}

/** SQLite keeps the main thread busy, so that no event of it would be heard: another thread looks at the memory of the process. */
const GUARD = `
  const { workerData } = require('node:worker_threads');
  setInterval(() => {
    if (process.ppid !== workerData.parent || process.memoryUsage.rss() > workerData.mostBytes) process.kill(process.pid, 'SIGKILL');
  }, 50);
`;

const send = (answer: Answer): void => void process.send?.(answer);
const [folder = '', parent = ''] = process.argv.slice(2);
new Worker(GUARD, { eval: true, workerData: { parent: Number(parent), mostBytes: MOST_BYTES } }).unref();

const originals = originalsIn(join(folder, 'originals'));
const temporary = join(folder, 'temporary');
mkdirSync(temporary, { recursive: true });
const [server] = originals.runs;
const path = programs(join(folder, 'programs'), server?.trace ?? '');
Object.assign(process.env, { TMPDIR: temporary, PATH: path, HOME: folder, TZ: 'UTC', NO_COLOR: '1' });
const env = { PATH: path, TMPDIR: temporary, HOME: folder, TZ: 'UTC', NO_COLOR: '1' };

// What is thrown where nobody waits belongs to the mutant that is looked at.
const stray: string[] = [];
for (const event of ['uncaughtException', 'unhandledRejection'] as const)
  process.on(
    event,
    (error: unknown) => void stray.push(`${event}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
  );

process.on('message', async ({ seed, index }: Task) => {
  const around = { originals, room: join(folder, 'room'), temporary, env };
  // What cannot be made is a mistake of the fuzzer's own: it ends the process, and is told as its last words.
  const outcome = await perform(seed, index, around, made => send({ made })).catch(error => {
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
    process.exit(1);
  });
  // Rejections are told after the turn in which nobody caught them.
  await new Promise(resolve => setImmediate(resolve));
  send({ ...outcome, problems: [...outcome.problems, ...stray.splice(0)], bytes: process.memoryUsage.rss() });
});
send('ready');
