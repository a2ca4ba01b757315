import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import fioJson from '#input/formats/fio-json/importer';
import iostatJson from '#input/formats/iostat-json/importer';
import nativeRequests from '#input/formats/native-requests/importer';
import type { StorageStep } from '#schema/storage-plan';
import { assertBuilt } from '../run-cli.ts';
import { countersIn, type Ended, markersIn, planIn, processesOf, run, runIn, stepIn, workplace } from './harness.ts';

let folder: string;
let out: string;
let ended: Ended;
let steps: readonly StorageStep[];

beforeAll(async () => {
  assertBuilt();
  const place = await workplace();
  folder = place.folder;
  out = join(folder, 'run');
  ended = await run(place.config, out);
  steps = planIn(out).steps;
}, 600_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const of = (arm: string): string => {
  const step = steps.find(({ hypothesis, arm: name }) => `${hypothesis} ${name}` === arm);
  if (step === undefined) throw new Error(`no step ${arm}`);
  return step.id;
};
const fileOf = (id: string, name: string) => join(out, 'steps', id, name);
const requestsOf = (id: string) => nativeRequests.parse(readFileSync(fileOf(id, 'requests.jsonl'), 'utf8'), 'requests.jsonl');

test('all steps are done, in the order of the plan, and the run says so', () => {
  expect([ended.code, ended.stderr.includes('failed')]).toEqual([0, false]);
  expect(steps.map(({ id }) => stepIn(out, id).status)).toEqual(steps.map(() => 'ok'));
  expect(runIn(out)).toMatchObject({ ended_by: 'done', resumed: 0, steps: { planned: 14, ok: 14, failed: 0 } });
  const markers = markersIn(out);
  expect(markers.filter(({ event }) => event === 'step-ends').map(({ step }) => step)).toEqual(steps.map(({ id }) => id));
  const times = markers.map(({ at_ns }) => BigInt(at_ns));
  expect(times.every((at, i) => at >= (times[i - 1] ?? 0n))).toBe(true);
});

test('nothing that was started is left, and neither is what fio read', () => {
  expect(processesOf(folder)).toEqual([]);
  expect(readdirSync(folder).toSorted()).toEqual(['adapters', 'paging-server-kv.bin', 'run', 'storage.json']);
  expect(existsSync(join(out, 'lock.json'))).toBe(false);
});

test('no two prompts of the whole experiment begin alike', () => {
  const nonces = steps.flatMap(({ id }) =>
    readFileSync(fileOf(id, 'requests.jsonl'), 'utf8')
      .split('\n')
      .filter(line => line !== '')
      .map(line => (JSON.parse(line) as { nonce: string }).nonce),
  );
  expect(nonces.length).toBeGreaterThan(100);
  expect(new Set(nonces).size).toBe(nonces.length);
});

describe('H1', () => {
  // The harness of the brief dropped caches without looking; here the page cache is asked before and after.
  test('cold: no file of an adapter is in the page cache before, all are after; warm: all are before', () => {
    const share = (id: string, when: 'before' | 'after') => {
      const { residency } = countersIn(out, id)[when] ?? { residency: [] };
      expect(residency).toHaveLength(4);
      return residency.map(({ cached_bytes, file_bytes }) => cached_bytes / file_bytes);
    };
    expect([share(of('h1 cold'), 'before'), share(of('h1 cold'), 'after')]).toEqual([Array(4).fill(0), Array(4).fill(1)]);
    expect(share(of('h1 warm'), 'before')).toEqual(Array(4).fill(1));
  });
  test('both arms ask for each adapter once, one at a time, of a server that was started for it', () => {
    for (const arm of ['h1 cold', 'h1 warm']) {
      const { rows } = requestsOf(of(arm));
      expect(rows.map(({ adapter }) => adapter)).toEqual(['lora00', 'lora01', 'lora02', 'lora03']);
      expect(stepIn(out, of(arm)).prepared).toMatchObject({ restarted: true });
    }
    const starts = [of('h1 cold'), of('h1 warm')].map(id => stepIn(out, id).prepared?.server_start);
    expect(new Set(starts).size).toBe(2);
  });
  test('the disk read the weights when they were cold, and not when they were warm', () => {
    const readMib = (id: string) => {
      const { before, after } = countersIn(out, id);
      const sum = (of: typeof before | null) => of?.disks.reduce((all, { read_sectors }) => all + read_sectors, 0) ?? 0;
      return ((sum(after) - sum(before)) * 512) / 2 ** 20;
    };
    expect(readMib(of('h1 cold'))).toBeGreaterThanOrEqual(8);
    expect(readMib(of('h1 warm'))).toBeLessThan(8);
  });
});

describe('H4', () => {
  // The harness of the brief started fio beside the load, and believed that it ran.
  test('fio reads before the first request is sent and after the last answer, and what it achieved is measured', () => {
    const id = of('h4 heavy');
    const { contention, requests } = stepIn(out, id);
    const { rows, origin_ns } = requestsOf(id);
    const at = (ms: number) => (origin_ns ?? 0n) + BigInt(Math.round(ms * 1e6));
    expect(contention).toMatchObject({ covers: true });
    expect(BigInt(contention?.ended_ns ?? 0)).toBeGreaterThan(at(Math.max(...rows.map(row => row.finish_ms ?? 0))));
    expect(contention?.longest_gap_ms).toBeLessThan(2000);
    expect(contention?.reads_per_s).toBeGreaterThan(20);
    expect(contention?.read_mean_ms).toBeGreaterThan(0);
    expect(requests?.ok).toBeGreaterThan(0);
    expect(stepIn(out, of('h4 none')).contention).toBeNull();
  });
  test('its load is open: latency counts from when a request was to be sent', () => {
    expect(requestsOf(of('h4 heavy')).rows.every(row => row.intended_ms !== null)).toBe(true);
  });
  test('the figures of the step hold the reads of the disk, which are more than without fio', () => {
    const [heavy, none] = [stepIn(out, of('h4 heavy')).figures, stepIn(out, of('h4 none')).figures];
    expect(heavy?.rps_storage).toBeGreaterThan((none?.rps_storage ?? 0) + 20);
    expect(heavy?.r_await_ms).toBeGreaterThan(0);
    expect(heavy?.io_wait_pct).not.toBeNull();
  });
  test('fio and iostat leave files that are read here', () => {
    const id = of('h4 heavy');
    const text = (name: string) => readFileSync(fileOf(id, name), 'utf8');
    expect(fioJson.parse(text('fio.json'), 'fio.json').kind).toBe('summary');
    if (existsSync(fileOf(id, 'iostat.json'))) expect(iostatJson.parse(text('iostat.json'), 'iostat.json').rows.length).toBeGreaterThan(0);
    else expect(stepIn(out, id).missing.join()).toContain('iostat');
  });
});

test('paging: the long prompts hold more than the cache, and the disk is read for it; the short ones fit', () => {
  const [short, long] = ['h2 short', 'h2 long'].map(arm => stepIn(out, of(arm)));
  expect([short?.step.working_set_bytes, long?.step.working_set_bytes]).toEqual([36 * 4 * 4096, 324 * 4 * 4096]);
  expect(long?.figures?.rps_storage).toBeGreaterThan(2 * (short?.figures?.rps_storage ?? 0) + 10);
  expect(long?.figures?.major_faults_per_s).toBeGreaterThan(2 * (short?.figures?.major_faults_per_s ?? 0) + 10);
});

test('sticky users keep their adapters, random ones do not', () => {
  const adapters = (arm: string) => new Set(requestsOf(of(arm)).rows.map(({ adapter }) => adapter)).size;
  expect(adapters('h5 16-sticky')).toBe(4);
  expect(adapters('h5 16-random')).toBeGreaterThan(8);
  expect(requestsOf(of('h6 baseline')).rows.every(({ adapter }) => adapter === undefined)).toBe(true);
});

test('what the controller of the disk counts is told, or why it is not', () => {
  const { before, missing } = countersIn(out, of('h5 16-random'));
  if (before.smart.length > 0) expect(before.smart[0]?.host_reads).toBeGreaterThan(0);
  else expect(missing.join()).toContain('smartctl');
});
