import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { assertBuilt, MAIN } from '../run-cli.ts';
import { markersIn, planIn, processesOf, run, stepIn, workplace } from './harness.ts';

let place: Awaited<ReturnType<typeof workplace>>;
beforeAll(async () => {
  assertBuilt();
  place = await workplace();
});
afterAll(() => rmSync(place.folder, { recursive: true, force: true }));

type Config = { models: { tiny: { baseline: Record<string, unknown> } }; hypotheses: Record<string, unknown>; retries?: number };
function variant(name: string, change: (config: Config) => void): string {
  const config = JSON.parse(readFileSync(place.config, 'utf8')) as Config;
  change(config);
  const file = join(place.folder, name);
  writeFileSync(file, JSON.stringify(config));
  return file;
}
const onlyH0 = (config: Config) => {
  config.hypotheses = { h0: config.hypotheses['h0'] };
};

// The harness of the brief went on to the next step when a server had died, and said nothing.
test('a server that does not start is told, its steps are repeated, and recorded as failed', async () => {
  const config = variant('no-server.json', all => {
    onlyH0(all);
    all.models.tiny.baseline = { ...all.models.tiny.baseline, start: ['false'] };
  });
  const out = join(place.folder, 'no-server');
  const { code, stdout } = await run(config, out);
  expect([code, stdout.includes('0 of 2 steps are done, 2 failed')]).toEqual([3, true]);
  const [first] = planIn(out).steps;
  expect(stepIn(out, first?.id ?? '')).toMatchObject({
    status: 'failed',
    attempt: 2,
    why: expect.stringContaining('ended by itself (code 1)'),
  });
  expect(readdirSync(join(out, 'steps')).filter(name => name.includes('.attempt-'))).toHaveLength(2);
  expect(markersIn(out).filter(({ event }) => event === 'step-failed')).toHaveLength(4);
});

test('where there is no fio, H4 is refused before anything is started', async () => {
  // All programs but fio.
  const bin = join(place.folder, 'bin');
  mkdirSync(bin);
  for (const folder of ['/usr/bin', '/bin', '/usr/sbin', '/sbin'])
    for (const name of existsSync(folder) ? readdirSync(folder) : [])
      if (name !== 'fio' && !existsSync(join(bin, name))) symlinkSync(join(folder, name), join(bin, name));
  const out = join(place.folder, 'no-fio');
  const { code, stderr } = await run(place.config, out, { env: { PATH: bin } });
  expect([code, stderr.includes('error fio is not installed')]).toEqual([2, true]);
  expect(readdirSync(join(out, 'steps'))).toEqual([]);
});

test('Ctrl-C ends it in order, with its servers, and it can be resumed', async () => {
  const config = variant('short.json', onlyH0);
  const out = join(place.folder, 'stopped');
  const child = spawn(process.execPath, [MAIN, 'storage', 'run', config, '--out', out], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (said.includes('begins')) child.kill('SIGINT');
  });
  const signal = await new Promise(done => child.once('close', (_, name) => done(name)));
  expect(signal).toBe('SIGINT');
  expect(processesOf(place.folder)).toEqual([]);
  expect(existsSync(join(out, 'lock.json'))).toBe(false);
  expect((await run(config, out)).code).toBe(0);
});
