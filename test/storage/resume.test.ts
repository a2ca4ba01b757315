import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomLcg } from 'd3-random';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { assertBuilt } from '../run-cli.ts';
import { markersIn, planIn, processesOf, run, runIn, stepIn, workplace } from './harness.ts';

const KILLS = 10;
let place: Awaited<ReturnType<typeof workplace>>;

beforeAll(async () => {
  assertBuilt();
  place = await workplace();
});
afterAll(() => rmSync(place.folder, { recursive: true, force: true }));

const hashOf = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');
/** Every file of every step that is done, by its hash. */
function done(out: string): Map<string, string> {
  const steps = join(out, 'steps');
  const names = existsSync(steps) ? readdirSync(steps).filter(name => existsSync(join(steps, name, 'step.json'))) : [];
  return new Map(
    names.flatMap(name => readdirSync(join(steps, name)).map(file => [`${name}/${file}`, hashOf(join(steps, name, file))] as const)),
  );
}

test('killed at ten random places and resumed: the same plan, nothing lost, nothing left running', async () => {
  const out = join(place.folder, 'killed');
  // The places change from run to run, so that more of them are tried in time; a failure says which seed it was.
  const seed = Number(process.env['FORENSICS_SEED'] ?? Date.now() % 1_000_000);
  const random = randomLcg(seed / 1_000_000);
  const kept = new Map<string, string>();
  let plan: string | undefined;
  for (let kill = 0; kill < KILLS; kill++) {
    const killAfterMs = 300 + random() * 4000;
    // So early that ten of them never see the end: what fails to be killed is no test.
    const { signal } = await run(place.config, out, { killAfterMs });
    if (existsSync(join(out, 'plan.json'))) plan ??= hashOf(join(out, 'plan.json'));
    expect(signal, `seed ${seed}`).toBe('SIGKILL');
    const now = done(out);
    // What was done before a kill is there after it, to the byte.
    for (const [file, hash] of kept) expect(now.get(file), `${file}, seed ${seed}`).toBe(hash);
    for (const [file, hash] of now) kept.set(file, hash);
  }
  const { code, stdout } = await run(place.config, out);
  expect([code, stdout.includes('All 14 steps are done')], `seed ${seed}`).toEqual([0, true]);
  expect(hashOf(join(out, 'plan.json'))).toBe(plan);
  const { steps } = planIn(out);
  expect(steps.map(({ id }) => stepIn(out, id).status)).toEqual(steps.map(() => 'ok'));
  const now = done(out);
  for (const [file, hash] of kept) expect(now.get(file), `${file}, seed ${seed}`).toBe(hash);
  // Each step was done once, in the order of the plan.
  const markers = markersIn(out);
  const ends = markers.filter(({ event }) => event === 'step-ends').map(({ step }) => step);
  expect(new Set(ends)).toEqual(new Set(steps.map(({ id }) => id)));
  // What was cut off is kept beside it.
  const found = markers.filter(({ event }) => event === 'attempt-found').map(({ detail }) => detail ?? '');
  expect(found.length).toBeGreaterThan(0);
  for (const name of found) expect(existsSync(join(out, 'steps', name)), name).toBe(true);
  expect(runIn(out)).toMatchObject({ ended_by: 'done', steps: { planned: 14, ok: 14, failed: 0 } });
  await sleep(1000);
  expect(processesOf(place.folder)).toEqual([]);
});

test('a run that is done has nothing to run', async () => {
  const out = join(place.folder, 'killed');
  const before = done(out);
  const { code, stderr } = await run(place.config, out);
  expect([code, stderr.includes('0 of 14 steps to run')]).toEqual([0, true]);
  expect(done(out)).toEqual(before);
});

test('another config is no resumption, and neither is a folder whose places are links', async () => {
  const out = join(place.folder, 'killed');
  const other = join(place.folder, 'other.json');
  writeFileSync(other, readFileSync(place.config, 'utf8').replace('"seed": 7', '"seed": 8'));
  const refused = await run(other, out);
  expect([refused.code, refused.stderr.includes('holds an experiment of another plan')]).toEqual([2, true]);
  const linked = join(place.folder, 'linked');
  const made = await run(place.config, linked, { killAfterMs: 1500 });
  expect(made.signal).toBe('SIGKILL');
  await sleep(4000);
  rmSync(join(linked, 'servers'), { recursive: true });
  symlinkSync('/tmp', join(linked, 'servers'));
  const again = await run(place.config, linked);
  expect([again.code, again.stderr.includes('is no folder but a link')]).toEqual([2, true]);
});
