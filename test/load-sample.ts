import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { here, type StartGenerator } from '#record/load-test/generator/generators';
import type { Outcome } from '#record/load-test/generator/outcome';
import { type LoadObserver, type LoadResult, runLoad } from '#record/load-test/generator/run-load';
import type { LoadSettings } from '#record/load-test/generator/settings';
import type { Target } from '#record/load-test/generator/target';
import type { Served } from '#record/load-test/mock/mock';
import { MockScript } from '#record/load-test/mock/script';
import { type MockServer, startMock } from '#record/load-test/mock/server';
import type { StopSignals } from '#record/processes/interruption';

const silent: LoadObserver = { stage: () => {}, outcome: () => {}, progress: () => {}, staged: () => {} };
const never: StopSignals = { stop: new AbortController().signal, hurry: new AbortController().signal };

export const target = (port: number, wish: Partial<Target> = {}): Target => ({
  origin: `http://127.0.0.1:${port}`,
  path: '/v1/completions',
  api: 'completions',
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: null,
  model: 'mock',
  promptKind: 'words',
  ignoreEos: true,
  includeUsage: true,
  extra: {},
  run: 'test',
  ...wish,
});

/** Thirty requests at 250 a second, of twelve tokens in and three out. */
export const settings = (of: Target, wish: Partial<LoadSettings> = {}): LoadSettings => ({
  target: of,
  pattern: { loop: 'open', arrivals: { kind: 'constant', rate: 250 }, duration: Number.POSITIVE_INFINITY, requests: 30 },
  warmUp: 0,
  promptTokens: { kind: 'constant', tokens: 12 },
  outputTokens: { kind: 'constant', tokens: 3 },
  seed: 1,
  generators: 1,
  limits: { timeout: 30, drain: 30 },
  ...wish,
});

export interface Tried extends LoadResult {
  readonly outcomes: readonly Outcome[];
  readonly served: readonly Served[];
  readonly folder: string;
  /** Text of requests.jsonl. */
  readonly log: string;
}

/** Runs a load test against a scripted server, both in this process unless said otherwise. */
export async function tryLoad(
  script: Partial<MockScript>,
  wish: Partial<LoadSettings> = {},
  options: {
    readonly target?: Partial<Target>;
    readonly signals?: StopSignals;
    readonly begin?: StartGenerator;
    readonly observer?: Partial<LoadObserver>;
    readonly during?: (server: MockServer) => void;
  } = {},
): Promise<Tried> {
  const served: Served[] = [];
  const outcomes: Outcome[] = [];
  const server = await startMock(MockScript.parse({ ttft_ms: 2, itl_ms: 1, ...script }), 0, s => served.push(s));
  const folder = mkdtempSync(join(tmpdir(), 'forensics-load-test-'));
  try {
    options.during?.(server);
    const observer = { ...silent, ...options.observer, outcome: (o: Outcome) => void outcomes.push(o) };
    const result = await runLoad(
      settings(target(server.port, options.target), wish),
      folder,
      options.begin ?? here,
      observer,
      options.signals ?? never,
    );
    return { ...result, outcomes, served, folder, log: readFileSync(join(folder, 'requests.jsonl'), 'utf8') };
  } finally {
    await server.close();
  }
}
