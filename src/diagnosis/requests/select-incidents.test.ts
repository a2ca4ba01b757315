import { describe, expect, test } from 'vitest';
import { findStalls } from '#diagnosis/steps/stalls';
import { beatsOf, lost, MS, piecesOf, requestRow, requestsOf } from '#test/attribution-sample';
import { delayOf, selectIncidents } from './select-incidents.ts';

/** A server of 1-ms steps that is stalled for `stall` ms at each of the given steps. Requests of 20 steps arrive every `every` steps. */
function run(stalls: readonly number[], stall: number, { steps = 600, every = 4, wait = 0 } = {}) {
  const beats = beatsOf(steps, Object.fromEntries(stalls.map(i => [i, stall])));
  const losses = stalls.map(i => lost((beats[i] ?? 0) / MS - stall, (beats[i] ?? 0) / MS, 'storage-io'));
  const engineSteps = piecesOf(beats, losses);
  const at = (step: number) => (beats[step] ?? 0) / MS;
  const rows = [];
  for (let s = 1; s + 22 < steps; s += every)
    rows.push(requestRow(at(s) - wait, at(s + 20), { scheduled_ms: at(s), first_token_ms: at(s + 1) }));
  const requests = requestsOf(rows);
  return { engineSteps, requests, selection: selectIncidents(requests, engineSteps, findStalls(engineSteps)) };
}
const slow = ({ requests, selection }: ReturnType<typeof run>) =>
  requests.filter((r, i) => r.timeMs - selection.expectedMs[i]! > selection.limitMs);

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
    for (const e of most.selection.expectedMs) expect(e).toBeLessThan(25);
    expect(most.selection.incidents.length).toBeGreaterThan(20);
    expect(slow(most).length).toBeGreaterThan(0.9 * most.requests.length);
  });
  test('gives the same answer when judged again: it has converged', () => {
    const { engineSteps, requests, selection } = run([100, 300, 450], 25);
    const again = selectIncidents(requests, engineSteps, selection.incidents);
    expect(again.incidents).toEqual(selection.incidents);
    expect(again.limitMs).toBeCloseTo(selection.limitMs, 9);
  });
  test('leaves out hold-ups too small to make a request slow in the noise there is', () => {
    const { engineSteps, requests } = run([100, 300], 40);
    const noisy = requests.map((r, i) => ({ ...r, end: r.end + ((i * 7919) % 21) * MS, timeMs: r.timeMs + ((i * 7919) % 21) }));
    const small = { ...findStalls(engineSteps)[0] };
    const selection = selectIncidents(noisy, engineSteps, findStalls(engineSteps));
    expect(selection.limitMs).toBeGreaterThan(5);
    for (const h of selection.incidents) expect(h.excess / MS).toBeGreaterThanOrEqual(selection.limitMs);
    expect(small.excess).toBeGreaterThan(0);
  });
  test('fits the time in service: a long wait for admission does not raise what is expected', () => {
    const waiting = run([], 0, { wait: 100 });
    for (const e of waiting.selection.expectedMs) expect(e).toBeLessThan(25);
    for (const w of waiting.selection.expectedWaitMs) expect(w).toBeLessThanOrEqual(1 + 1e-9);
    expect(slow(waiting)).toHaveLength(waiting.requests.length);
  });
  test('without a lane still tells slow requests from what their work explains', () => {
    const rows = Array.from({ length: 60 }, (_, i) =>
      requestRow(i * 10, i * 10 + (i === 30 ? 500 : 20 + (i % 3)), { scheduled_ms: i * 10 }),
    );
    const requests = requestsOf(rows);
    const { expectedMs, limitMs } = selectIncidents(requests, undefined, []);
    expect(requests.filter((r, i) => r.timeMs - expectedMs[i]! > limitMs).map(r => r.row.id)).toEqual(['r300']);
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
    expect(selection).toMatchObject({ by: 'trace', incidents: [{}] });
    const [incident] = selection.incidents;
    for (const [i, r] of blind.entries()) {
      const delay = incident === undefined ? 0 : delayOf(engineSteps, incident, r.arrival, r.end);
      expect(r.timeMs - selection.expectedMs[i]!).toBeCloseTo(delay, 6);
    }
  });
  test('hold-ups of less than ten normal engineSteps are no incident', () => {
    const small = run([300], 5);
    const works = small.requests.map(r => ({ ...r, work: { ...r.work, prompt: null, output: null } }));
    expect(selectIncidents(works, small.engineSteps, findStalls(small.engineSteps)).incidents).toEqual([]);
  });
});
