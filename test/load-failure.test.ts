import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ForensicsError } from '#core/errors';
import nativeRequests from '#input/formats/native-requests/importer';
import { here, type StartGenerator } from '#record/load-test/generator/generators';
import { type LoadObserver, runLoad } from '#record/load-test/generator/run-load';
import type { LoadSettings } from '#record/load-test/generator/settings';
import { MockScript } from '#record/load-test/mock/script';
import { type MockServer, startMock } from '#record/load-test/mock/server';
import type { StopSignals } from '#record/processes/interruption';
import { settings, target } from './load-sample.ts';
import { assertBuilt, failureOf, runCli } from './run-cli.ts';

const PATIENCE = 120_000;
const silent: LoadObserver = { stage: () => {}, outcome: () => {}, progress: () => {}, staged: () => {} };
const never: StopSignals = { stop: new AbortController().signal, hurry: new AbortController().signal };
/** Far more than is sent before anything fails. */
const LONG: Partial<LoadSettings> = {
  pattern: { loop: 'open', arrivals: { kind: 'constant', rate: 250 }, duration: Number.POSITIVE_INFINITY, requests: 10_000 },
};
const FAILURE = new ForensicsError('not-writable', 'the disk went away', 'Bring it back.');

let server: MockServer;
let folder: string;
beforeAll(async () => {
  server = await startMock(MockScript.parse({ ttft_ms: 2, itl_ms: 1 }), 0);
});
afterAll(() => server.close());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'forensics-load-failure-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const failureIn = async (
  wish: Partial<LoadSettings>,
  observer: Partial<LoadObserver> = {},
  begin: StartGenerator = here,
): Promise<unknown> => {
  try {
    await runLoad(settings(target(server.port), wish), folder, begin, { ...silent, ...observer }, never);
  } catch (error) {
    return error;
  }
  throw new Error('the run did not fail');
};
const rowsOf = (file: string) => nativeRequests.parse(readFileSync(join(folder, file), 'utf8'), file).rows;
/** An observer that fails at the n-th outcome. */
const failingAt = (n: number, error: unknown): Partial<LoadObserver> => {
  let seen = 0;
  return {
    outcome: () => {
      seen++;
      if (seen === n) throw error;
    },
  };
};

describe('a run that fails half-way keeps what had ended', () => {
  test('under its own name, and says where; nothing more is sent', async () => {
    expect(await failureIn(LONG, failingAt(20, FAILURE))).toMatchObject({
      code: 'not-writable',
      message: 'the disk went away',
      hint: `Bring it back. The requests until then are in ${join(folder, 'requests.jsonl')}.`,
    });
    expect(readdirSync(folder)).toEqual(['requests.jsonl']);
    const rows = rowsOf('requests.jsonl');
    expect(rows.length).toBeGreaterThanOrEqual(20);
    expect(rows.length).toBeLessThan(10_000);
    expect(rows.map(r => r.arrival_ms)).toEqual(rows.map(r => r.arrival_ms).toSorted((a, b) => a - b));
  });
  // Of 75 requests before the measured ones.
  test('the warm-up too', async () => {
    const failure = await failureIn({ ...LONG, warmUp: 0.4 }, failingAt(200, FAILURE));
    expect(failure).toMatchObject({ hint: expect.stringMatching(/requests\.jsonl and .*warm-up\.jsonl\.$/) });
    expect(readdirSync(folder).toSorted()).toEqual(['requests.jsonl', 'warm-up.jsonl']);
    expect(rowsOf('warm-up.jsonl').length).toBeGreaterThan(0);
  });
  test('a fault of the program stays what it is', async () => {
    const fault = new TypeError('a bug');
    expect(await failureIn(LONG, failingAt(5, fault))).toBe(fault);
    expect(rowsOf('requests.jsonl').length).toBeGreaterThanOrEqual(5);
  });
  test('between two stages', async () => {
    const staged = () => {
      throw FAILURE;
    };
    await failureIn({ pattern: { loop: 'closed', concurrency: [2, 4], duration: 1 } }, { staged });
    expect(readdirSync(folder)).toEqual(['requests.jsonl']);
    expect(new Set(rowsOf('requests.jsonl').map(r => r.id.split('-')[1]))).toEqual(new Set(['c2']));
  });
  test('in the .part, named in the hint, where its file cannot be written', async () => {
    mkdirSync(join(folder, 'requests.jsonl'));
    const failure = await failureIn({});
    expect(failure).toMatchObject({
      code: 'not-writable',
      hint: expect.stringContaining(`are in ${join(folder, 'requests.jsonl.part')}.`),
    });
    expect(rowsOf('requests.jsonl.part')).toHaveLength(30);
    expect(readdirSync(folder).toSorted()).toEqual(['requests.jsonl', 'requests.jsonl.part']);
  });
});

describe('a run that fails with nothing to keep leaves no file', () => {
  test('no generator starts', async () => {
    const dead: StartGenerator = (_, __, died) => {
      queueMicrotask(() => died('no memory'));
      return { send: () => {}, end: async () => {} };
    };
    expect(await failureIn({ warmUp: 1 }, {}, dead)).toMatchObject({ code: 'unsupported', hint: 'Ask for fewer with --generators.' });
    expect(readdirSync(folder)).toEqual([]);
  });
  test('the second file cannot be opened', async () => {
    mkdirSync(join(folder, 'warm-up.jsonl.part'));
    expect(await failureIn({ warmUp: 1 })).toMatchObject({ code: 'not-writable' });
    expect(readdirSync(folder)).toEqual(['warm-up.jsonl.part']);
  });
  // Every write to /dev/full fails as on a full disk.
  test.skipIf(!existsSync('/dev/full'))('the disk is full from the start: the run ends at once, and claims nothing', async () => {
    symlinkSync('/dev/full', join(folder, 'requests.jsonl.part'));
    let seen = 0;
    const failure = await failureIn(LONG, { outcome: () => void seen++ });
    expect(failure).toMatchObject({
      code: 'not-writable',
      message: expect.stringContaining('the disk is full'),
      hint: expect.not.stringContaining('until then'),
    });
    expect(seen).toBeLessThan(10_000);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('forensics load', () => {
  beforeAll(assertBuilt, PATIENCE);
  const nothing = ['load', 'http://127.0.0.1:1/', '--api', 'http', '--rate', '0.001', '--duration', '1', '--out'];
  test('makes no folder where nothing would be sent', async () => {
    const out = join(folder, 'run');
    const run = await runCli([...nothing, out]);
    expect(run.code).toBe(2);
    expect(failureOf(run).sentence).toContain('no request would be sent');
    expect(existsSync(out)).toBe(false);
  });
  test('leaves a folder that was there', async () => {
    expect((await runCli([...nothing, folder])).code).toBe(2);
    expect(existsSync(folder)).toBe(true);
  });
});
