import { readdirSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { Outcome } from '#record/load-test/generator/outcome';
import { firstModel, probe } from '#record/load-test/generator/probe';
import { MockScript } from '#record/load-test/mock/script';
import { startMock } from '#record/load-test/mock/server';
import { Interruption } from '#record/processes/interruption';
import type { LoadStage } from '#schema/load';
import { settings, type Tried, target, tryLoad } from './load-sample.ts';
import { THOROUGH } from './thorough.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
const run: typeof tryLoad = async (...args) => {
  const tried = await tryLoad(...args);
  folders.push(tried.folder);
  return tried;
};
const stageOf = ({ stages }: Tried): LoadStage => stages[0]!;
const latency = (tried: Tried, metric: string, from: string) => stageOf(tried).latencies.find(l => l.metric === metric && l.from === from)!;
const MS = 1e6;

describe.each([
  ['completions', { path: '/v1/completions', api: 'completions' }],
  ['chat', { path: '/v1/chat/completions', api: 'chat' }],
  ['completions by token ids', { path: '/v1/completions', api: 'completions', promptKind: 'ids' }],
] as const)('%s', (_, endpoint) => {
  test('every chunk has the time at which the server sent it, or later, and every request its own stamps', async () => {
    const tried = await run({}, {}, { target: endpoint });
    expect(stageOf(tried).requests).toEqual({ intended: 30, sent: 30, ok: 30, failed: 0, unfinished: 0, never_sent: 0 });
    for (const { outcome: o, served: s } of pairs(tried)) {
      const chunks = [o.first!];
      for (const us of o.gapsUs) chunks.push(chunks.at(-1)! + us * 1000);
      expect(chunks).toHaveLength(3);
      // The server stamps an event after the kernel has it, so the client may be that little earlier.
      for (const [i, at] of chunks.entries()) expect(at).toBeGreaterThanOrEqual(Math.floor(s.due[i]!));
      expect(o.intended!).toBeLessThanOrEqual(o.released);
      expect(o.released).toBeLessThanOrEqual(o.sent!);
      expect(o.sent!).toBeLessThanOrEqual(s.received);
      expect(o.finish!).toBeGreaterThanOrEqual(o.last!);
    }
  });
  test('tokens are the ones that the server counted', async () => {
    const tried = await run({}, {}, { target: endpoint });
    expect(tried.outcomes.map(o => [o.promptTokens, o.outputTokens, o.counted])).toEqual(
      Array.from({ length: 30 }, () => [12, 3, 'usage']),
    );
    expect(stageOf(tried)).toMatchObject({ prompt_tokens: 360, output_tokens: 90, tokens_counted_from: { usage: 30, chunks: 0 } });
  });
});

/** What client and server say of the same request. */
const pairs = ({ outcomes, served }: Tried) =>
  outcomes.map(outcome => ({ outcome, served: served.find(s => s.id === `test-${outcome.index}`)! }));

test('latencies are those of the script, never less', async () => {
  const tried = await run({ ttft_ms: 12, itl_ms: 4 });
  expect(latency(tried, 'ttft', 'send').p50_ms).toBeGreaterThanOrEqual(12);
  expect(latency(tried, 'e2e', 'send').p50_ms).toBeGreaterThanOrEqual(20);
  expect(latency(tried, 'tpot', 'token').n).toBe(30);
  expect(latency(tried, 'itl', 'token').n).toBe(60);
  expect(stageOf(tried).littles_law).toMatchObject({ holds: true });
});

test('a server that counts no tokens: chunks are counted, and that is said', async () => {
  const tried = await run({ usage: false, chunk_tokens: 2 }, { outputTokens: { kind: 'constant', tokens: 8 } });
  expect(tried.outcomes.every(o => o.outputTokens === 4 && o.counted === 'chunks')).toBe(true);
  expect(tried.warnings.join()).toContain('chunks were counted');
});

test('plain HTTP has no tokens, and the time of the whole answer', async () => {
  const tried = await run({ ttft_ms: 5 }, {}, { target: { path: '/predict', api: 'http', method: 'GET' } });
  expect(stageOf(tried)).toMatchObject({ requests: { ok: 30 }, output_tokens: null, prompt_tokens: null });
  expect(stageOf(tried).latencies.map(l => `${l.metric} ${l.from}`)).toEqual(['e2e intended', 'e2e send']);
  expect(latency(tried, 'e2e', 'send').p50_ms).toBeGreaterThanOrEqual(5);
});

describe('coordinated omission', () => {
  test('a client that stands still for 150 ms sends late: the wait counts from the intended start, not from the send', async () => {
    let blocked = false;
    const block = () => {
      if (blocked) return;
      blocked = true;
      const until = performance.now() + 150;
      while (performance.now() < until);
    };
    // The generator runs in this process, so whoever keeps this thread keeps it.
    const tried = await run({}, {}, { observer: { stage: () => void setTimeout(block, 150) } });
    const late = tried.outcomes.map(o => (o.sent! - o.intended!) / MS);
    expect(Math.max(...late)).toBeGreaterThan(50);
    expect(latency(tried, 'ttft', 'intended').max_ms).toBeGreaterThan(50);
    expect(stageOf(tried).schedule).toMatchObject({ kept: false, why: expect.stringContaining('late') });
    expect(stageOf(tried).schedule!.generator_delay.max_ms).toBeGreaterThan(50);
    expect(tried.warnings.join()).toContain('The intended schedule was not kept');
  });
  test('a server that stalls does not hold back what is due', async () => {
    const tried = await run({ stalls: [{ at_s: 0.05, ms: 600 }] });
    const within = pairs(tried).filter(({ outcome: o, served: s }) => o.sent! < s.sent[0]! - 60 * MS);
    // At 250 a second, all that is due in the 120 ms of the test is sent while the server stands still.
    expect(within.length).toBeGreaterThan(4);
  });
});

describe('nothing is dropped', () => {
  test('a request that takes too long is given up and counted', async () => {
    const tried = await run({ faults: [{ every: 5, kind: 'hang' }] }, { limits: { timeout: 1.5, drain: 30 } });
    const hung = pairs(tried).filter(({ served }) => served.outcome === 'hang');
    expect(hung.map(({ outcome }) => outcome.why)).toEqual(Array.from({ length: 6 }, () => 'timed out'));
    const { requests, abandoned } = stageOf(tried);
    expect(requests).toMatchObject({ sent: 30, failed: 0 });
    // On a machine that stands still, others may run out of their time as well.
    const late = tried.outcomes.filter(o => o.status === 'unfinished');
    expect(abandoned).toEqual({ 'timed out': late.length });
    expect(requests.ok + late.length).toBe(30);
    for (const o of late) expect((o.settled - o.released) / MS).toBeGreaterThanOrEqual(1500);
    expect(latency(tried, 'e2e_or_abandoned', 'intended').max_ms).toBeGreaterThanOrEqual(1500);
    expect(tried.log.match(/"unfinished"/g)).toHaveLength(late.length);
  });
  test('what still runs when the wait is over is unfinished', async () => {
    const tried = await run({ faults: [{ every: 10, kind: 'hang' }] }, { limits: { timeout: 30, drain: 1.5 } });
    const hung = pairs(tried).filter(({ served }) => served.outcome === 'hang');
    expect(hung.map(({ outcome }) => outcome.why)).toEqual(Array.from({ length: 3 }, () => 'still running at the end'));
    const { requests, abandoned } = stageOf(tried);
    expect(abandoned).toEqual({ 'still running at the end': requests.unfinished });
    expect(requests).toMatchObject({ sent: 30, ok: 30 - requests.unfinished });
    const lastSent = Math.max(...tried.outcomes.map(o => o.released));
    for (const o of tried.outcomes.filter(o => o.status === 'unfinished')) expect((o.settled - lastSent) / MS).toBeGreaterThanOrEqual(1500);
  });
  test.each([
    ['refuse', 'HTTP 503'],
    ['cut', 'connection closed by the server'],
    ['malformed', 'malformed event'],
    ['error-event', 'error in the stream'],
  ] as const)('failures are counted by kind: %s', async (kind, why) => {
    const tried = await run({ faults: [{ every: 3, kind }] });
    expect(stageOf(tried)).toMatchObject({ requests: { ok: 20, failed: 10, unfinished: 0 }, failures: { [why]: 10 } });
  });
  test('a server that dies: what it had begun and all that comes after fails', async () => {
    const tried = await run({ ttft_ms: 30, faults: [{ every: 16, kind: 'die' }] });
    const { requests, failures } = stageOf(tried);
    expect(requests).toMatchObject({ sent: 30, unfinished: 0 });
    expect(requests.ok).toBeLessThan(16);
    expect(requests.ok + requests.failed).toBe(30);
    // Which of them depends on how far each had come; a generator that stood still has connected all of them before the death.
    const deaths = ['connection refused', 'connection reset', 'connection closed by the server'];
    expect(Object.keys(failures).filter(why => !deaths.includes(why))).toEqual([]);
  });
  test('a refused connection is a failure, with nothing sent', async () => {
    const tried = await run({}, {}, { during: server => void server.close() });
    expect(stageOf(tried)).toMatchObject({ requests: { sent: 30, ok: 0, failed: 30 }, failures: { 'connection refused': 30 } });
    expect(tried.outcomes.every(o => o.sent === null)).toBe(true);
  });
  test('told to stop, it sends no more and keeps what there is', async () => {
    const controller = new AbortController();
    const signals = { stop: controller.signal, hurry: controller.signal };
    const stop = () => controller.abort(new Interruption('SIGINT'));
    const tried = await run(
      { ttft_ms: 2000 },
      { pattern: { loop: 'open', arrivals: { kind: 'constant', rate: 50 }, duration: 60, requests: Number.POSITIVE_INFINITY } },
      { signals, observer: { progress: ({ sent }) => void (sent > 0 && stop()) } },
    );
    const { requests } = stageOf(tried);
    expect(tried.ended_by).toBe('SIGINT');
    expect(requests.sent).toBeGreaterThan(0);
    expect(requests.sent).toBeLessThan(60 * 50);
    expect(requests.unfinished).toBe(requests.sent);
    expect(requests.intended).toBe(requests.sent + requests.never_sent);
  });
});

test('an endpoint that answers with something else than an event stream has failed', async () => {
  const tried = await run({}, {}, { target: { path: '/predict' } });
  expect(stageOf(tried).failures).toEqual({ 'the answer is no event stream': 30 });
});

describe('closed loop', () => {
  test.skipIf(!THOROUGH)('keeps as many in flight as asked for, a stage after the other, and says what its p99 is worth', async () => {
    const tried = await run({ ttft_ms: 10 }, { pattern: { loop: 'closed', concurrency: [1, 4], duration: 1.5 }, warmUp: 1 });
    expect(tried.stages.map(s => s.concurrency)).toEqual([1, 4]);
    for (const [i, most] of [1, 4].entries()) {
      const { requests, littles_law, schedule, warm_up_requests } = tried.stages[i]!;
      expect(requests.ok).toBeGreaterThan(2);
      expect(warm_up_requests).toBeGreaterThan(0);
      expect(littles_law!.mean_in_flight).toBeLessThanOrEqual(most + 0.01);
      expect(schedule).toBeNull();
    }
    expect(tried.warnings.join()).toContain('p99 is a lower bound');
    expect(tried.log).toContain('"id": "test-c4-');
    expect(tried.log).not.toContain('intended_ns');
    expect(readdirSync(tried.folder).toSorted()).toEqual(['requests.jsonl', 'warm-up.jsonl']);
  });
  test('slots of the server bound its throughput: twice the requests in flight, twice the time', async () => {
    const tried = await run(
      { ttft_ms: 20, slots: 1 },
      { pattern: { loop: 'closed', concurrency: [4], duration: 0.5 }, outputTokens: { kind: 'constant', tokens: 1 } },
    );
    // Of four that come together, the last waits for three answers of 20 ms.
    expect(Math.max(...tried.served.map(s => s.begun - s.received))).toBeGreaterThan(50 * MS);
  });
});

describe('the probe', () => {
  const withMock = async <T>(script: Partial<MockScript>, ask: (port: number) => Promise<T>): Promise<T> => {
    const server = await startMock(MockScript.parse({ ttft_ms: 1, itl_ms: 1, ...script }), 0);
    try {
      return await ask(server.port);
    } finally {
      await server.close();
    }
  };
  test('finds out which fields the endpoint takes', async () => {
    const asked = async (refuse_fields: string[]) => {
      const { ignoreEos, includeUsage } = await withMock({ refuse_fields }, port => probe(target(port)));
      return [ignoreEos, includeUsage];
    };
    expect(await asked([])).toEqual([true, true]);
    expect(await asked(['ignore_eos'])).toEqual([false, true]);
    expect(await asked(['ignore_eos', 'stream_options'])).toEqual([false, false]);
  });
  test('a key is wanted, and taken from a header', async () => {
    await expect(withMock({ wants_key: true }, port => probe(target(port)))).rejects.toThrow(/wants a key/);
    const headers = { authorization: 'Bearer sesame' };
    expect(await withMock({ wants_key: true }, port => probe(target(port, { headers })))).toMatchObject({ ignoreEos: true });
  });
  test('nobody there, and fields that are refused whatever they are, are said', async () => {
    const port = await withMock({}, async p => p);
    await expect(probe(target(port))).rejects.toThrow(/connection refused/);
    await expect(withMock({ refuse_fields: ['model'] }, p => probe(target(p)))).rejects.toThrow(/refuses our requests \(HTTP 400: .*model/);
  });
  test('the first model is asked for', async () => {
    expect(await withMock({}, port => firstModel(target(port)))).toBe('mock');
    expect(await withMock({}, port => firstModel(target(port, { path: '/v1/chat/completions' })))).toBe('mock');
  });
});

test('bytes that are no HTTP are a failure of their own', async () => {
  const odd: Server = createServer(socket => void socket.on('data', () => socket.write('never heard of HTTP\r\n\r\n')));
  await new Promise<void>(resolve => odd.listen(0, '127.0.0.1', resolve));
  const address = odd.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const tried = await run({}, { target: settings(target(port)).target });
  expect(stageOf(tried).failures).toEqual({ 'malformed HTTP': 30 });
  odd.close();
});

test('the same seed sends the same requests', async () => {
  const wish = { pattern: { loop: 'open', arrivals: { kind: 'poisson', rate: 200 }, duration: 0.1, requests: 10 } as const };
  const plan = async (seed: number) => {
    const { outcomes } = await run({}, { ...wish, seed, outputTokens: { kind: 'uniform', from: 1, to: 9 } });
    const sorted = outcomes.toSorted((a: Outcome, b: Outcome) => a.index - b.index);
    return sorted.map(o => [Math.round((o.intended! - sorted[0]!.intended!) / 1000), o.outputTokens]);
  };
  const first = await plan(7);
  expect(await plan(7)).toEqual(first);
  expect(await plan(8)).not.toEqual(first);
});
