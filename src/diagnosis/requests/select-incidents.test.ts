import { describe, expect, test } from 'vitest';
import { realAt } from '#core/columns';
import type { ExplainedStall } from '#diagnosis/steps/explain-stalls';
import { excessOf, findStalls } from '#diagnosis/steps/stalls';
import { engineStepsOf, lost, MS, requestRow, requestsOf, stepEndsOf } from '#test/attribution-sample';
import { attributeDelay } from './delay-breakdown.ts';
import { delayOf, selectIncidents } from './select-incidents.ts';

/** A server of 1-ms steps that is stalled for `stall` ms at each of the given steps. Requests of 20 steps arrive every `every` steps. */
function run(stalls: readonly number[], stall: number, { steps = 600, every = 4, wait = 0 } = {}) {
  const beats = stepEndsOf(steps, Object.fromEntries(stalls.map(i => [i, stall])));
  const losses = stalls.map(i => lost((beats[i] ?? 0) / MS - stall, (beats[i] ?? 0) / MS, 'storage-io'));
  const engineSteps = engineStepsOf(beats, losses);
  const at = (step: number) => (beats[step] ?? 0) / MS;
  const rows = [];
  for (let s = 1 + wait; s + 22 < steps; s += every)
    rows.push(requestRow(at(s) - wait, at(s + 20), { scheduled_ms: at(s), first_token_ms: at(s + 1) }));
  const requests = requestsOf(rows);
  return { engineSteps, requests, selection: selectIncidents(requests, engineSteps, findStalls(engineSteps)) };
}

/** The incidents of a selection, explained: each step's excess is one cause's. */
const explained = ({ engineSteps, selection }: Pick<ReturnType<typeof run>, 'engineSteps' | 'selection'>): readonly ExplainedStall[] =>
  selection.incidents.map(({ start, end, excess, first, last }) => ({
    ...{ start, end, excess, causes: [{ cause: 'storage-io', excess, subject: 'read', confidence: 'high' }] },
    shares: Array.from({ length: last - first + 1 }, (_, k) => ({
      start: realAt(engineSteps.start, first + k),
      end: realAt(engineSteps.end, first + k),
      cause: 'storage-io',
      excess: excessOf(engineSteps, first + k),
    })),
  }));
const delaysOf = (of: Pick<ReturnType<typeof run>, 'engineSteps' | 'requests' | 'selection'>) =>
  attributeDelay(of.requests, of.selection, explained(of));
const slow = (of: Parameters<typeof delaysOf>[0]) => delaysOf(of).flatMap(b => (b.slow ? [b.request] : []));

describe('the delay that a hold-up put on a request', () => {
  const { engineSteps } = run([100], 30);
  const [stall] = findStalls(engineSteps);
  const delay = (from: number, to: number) => (stall === undefined ? Number.NaN : delayOf(engineSteps, stall, from * MS, to * MS));
  test('is its whole excess when the request lived through it', () => expect(delay(90, 200)).toBeCloseTo(30, 6));
  test('is nothing when it came after or went before', () => expect([delay(131, 140), delay(10, 100)]).toEqual([0, 0]));
  test('is the share of it that lies in the request’s life', () => expect(delay(100, 115.5)).toBeCloseTo(15, 6));
});

describe('the selection', () => {
  test('of a clean run has no incident and no slow request', () => {
    const clean = run([], 0);
    expect(clean.selection.incidents).toEqual([]);
    expect(slow(clean)).toEqual([]);
  });
  test('finds the one stall, and exactly the requests that lived through it are slow', () => {
    const one = run([300], 40);
    expect(one.selection.incidents).toHaveLength(1);
    const [incident] = one.selection.incidents;
    const touched = one.requests.filter(r => r.end > (incident?.start ?? 0) && r.arrival < (incident?.end ?? 0));
    expect(slow(one)).toEqual(touched);
  });
  test('holds when most requests were delayed: the delay is not taken for normal', () => {
    const most = run(
      Array.from({ length: 30 }, (_, i) => 10 + i * 20),
      40,
    );
    const delayed = most.requests.filter(r => r.timeMs > 50).length;
    expect(delayed / most.requests.length).toBeGreaterThan(0.9);
    for (const b of delaysOf(most)) expect(b.expectedMs).toBeLessThan(25);
    expect(most.selection.incidents.length).toBeGreaterThan(20);
    expect(slow(most).length).toBeGreaterThan(0.9 * most.requests.length);
  });
  test('gives the same answer when judged again', () => {
    const { engineSteps, requests, selection } = run([100, 300, 450], 25);
    const again = selectIncidents(requests, engineSteps, selection.incidents);
    expect(again.incidents).toEqual(selection.incidents);
    expect(again.limitMs).toBeCloseTo(selection.limitMs, 9);
  });
  test('leaves out stalls of less than a round of the scheduler', () => {
    const found = (ms: number) => run([100, 300], ms).selection.incidents.length;
    expect([found(9.9), found(10.1)]).toEqual([0, 2]);
  });
  test('is made by the steps alone: how much the times of requests scatter plays no part', () => {
    const { engineSteps, requests, selection } = run([100, 300], 40);
    const noisy = requests.map((r, i) => ({ ...r, end: r.end + ((i * 7919) % 210) * MS, timeMs: r.timeMs + ((i * 7919) % 210) }));
    const again = selectIncidents(noisy, engineSteps, findStalls(engineSteps));
    expect(selection.incidents).toHaveLength(2);
    expect(again.incidents).toEqual(selection.incidents);
    expect(again.limitMs).toBe(selection.limitMs);
  });
  test('expects a wait until the step under way is over: a long one does not raise it, and makes a request slow', () => {
    const waiting = run([], 0, { wait: 100 });
    expect(waiting.requests.length).toBeGreaterThan(100);
    for (const b of delaysOf(waiting)) expect(b.expectedMs).toBeLessThan(25);
    for (const w of waiting.selection.expectedWaitMs) expect(w).toBeLessThanOrEqual(1 + 1e-9);
    expect(slow(waiting)).toHaveLength(waiting.requests.length);
  });
  test('does not expect the stall of the step under way: a queue behind it counts in full', () => {
    // Arrives as step 300 (1 ms of work, 40 ms stalled) begins, and is admitted 30 ms after its end.
    const { engineSteps, requests } = run([300], 40);
    const [r] = requestsOf([requestRow(300, 391, { scheduled_ms: 371, first_token_ms: 372 })]);
    const all = [...requests, r!];
    const selection = selectIncidents(all, engineSteps, findStalls(engineSteps));
    expect(selection.expectedWaitMs.at(-1)).toBeCloseTo(1, 6);
    const book = delaysOf({ engineSteps, requests: all, selection }).at(-1);
    expect(book?.excessMs).toBeCloseTo(70, 6);
  });
  test('without a lane still tells slow requests from what their work explains', () => {
    const rows = Array.from({ length: 60 }, (_, i) =>
      requestRow(i * 10, i * 10 + (i === 30 ? 500 : 20 + (i % 3)), { scheduled_ms: i * 10 }),
    );
    const requests = requestsOf(rows);
    const { byWork, limitMs } = selectIncidents(requests, undefined, []);
    expect(requests.filter((r, i) => r.timeMs - byWork!.expectedMs[i]! > limitMs).map(r => r.row.id)).toEqual(['r300']);
  });
  test('where admission was not recorded, the wait expected is what the prompt takes', () => {
    const rows = Array.from({ length: 60 }, (_, i) =>
      requestRow(i * 100, i * 100 + 60, {
        scheduled_ms: null,
        first_token_ms: i * 100 + 0.1 * (100 + 10 * i),
        prompt_tokens: 100 + 10 * i,
      }),
    );
    const { expectedWaitMs } = selectIncidents(requestsOf(rows), undefined, []);
    for (const [i, wait] of expectedWaitMs.entries()) expect(wait).toBeCloseTo(0.1 * (100 + 10 * i), 1);
  });
});

describe('without the lengths of prompts and answers', () => {
  const { requests, engineSteps } = run([300], 40);
  // Long answers among short ones: nothing says which was long.
  const blind = requests.map((r, i) => ({
    ...r,
    work: { ...r.work, prompt: null, output: null },
    timeMs: r.timeMs + (i % 3) * 500,
    end: r.end + (i % 3) * 500 * MS,
  }));
  const selection = selectIncidents(blind, engineSteps, findStalls(engineSteps));
  test('what the trace shows as held up is booked, and nothing else', () => {
    expect(selection).toMatchObject({ byWork: undefined, incidents: [{}] });
    const [incident] = selection.incidents;
    for (const { request, excessMs, parts } of delaysOf({ engineSteps, requests: blind, selection })) {
      const delay = incident === undefined ? 0 : delayOf(engineSteps, incident, request.arrival, request.end);
      expect(excessMs).toBeCloseTo(delay, 6);
      expect(parts.get('storage-io') ?? 0).toBeCloseTo(delay, 6);
    }
  });
});
