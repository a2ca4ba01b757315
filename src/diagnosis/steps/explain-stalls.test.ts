import { describe, expect, test } from 'vitest';
import { attributeLosses } from '#diagnosis/causes/attribute-losses';
import { detectors } from '#diagnosis/causes/index.gen';
import { contextOf, gapOf, starved } from '#diagnosis/causes/losses.test-data';
import type { Loss } from '#diagnosis/lanes/loss';
import { engineStepsOf, MS, stepEndsOf } from '#test/attribution-sample';
import { laneOf, laneOps } from '#test/lane-sample';
import { explainStalls } from './explain-stalls.ts';
import { findStalls } from './stalls.ts';

type Activity = Parameters<typeof starved>[0];

/** A starved gap, ms: stretches of activities with their calls, one after the other. */
function gap(from: number, stretches: readonly (readonly [Activity, string, number])[]): Loss[] {
  const byActivity: Partial<Record<Activity, number>> = {};
  for (const [activity, , ms] of stretches) byActivity[activity] = (byActivity[activity] ?? 0) + ms * MS;
  const length = stretches.reduce((s, [, , ms]) => s + ms, 0);
  const whole = gapOf(byActivity, { start: from * MS, end: (from + length) * MS });
  let at = from;
  return stretches.map(([activity, call, ms]) => {
    const start = at * MS;
    at += ms;
    return { ...starved(activity, call, whole), start, end: at * MS };
  });
}

const THREADS = [100, 101, 102].map(tid => ({ process: 7, pid: tid < 102 ? 100 : 200, tid }));

/** Forty steps of a millisecond, of which step 10 takes so many ms longer and is in use from a moment on; one kernel runs in each. */
function explain(longer: number, losses: readonly Loss[], slowLimit = 20, inUse = 10) {
  const stepEnds = stepEndsOf(40, { 10: longer });
  const ops = laneOps(Array.from(stepEnds, (end, i) => ({ start: end - 0.5 * MS, end, work: i === 10 ? 1 : 0 })));
  const context = contextOf();
  const attributed = attributeLosses(losses, detectors, context);
  const pieces = engineStepsOf(stepEnds, attributed);
  const steps = { ...pieces, inUse: pieces.inUse.with(10, inUse * MS) };
  return explainStalls(findStalls(steps), ops, laneOf(ops), {
    steps,
    attributed,
    detectors,
    context,
    threads: THREADS,
    slowLimit: slowLimit * MS,
  });
}

describe('an explained stall', () => {
  const [incident, ...more] = explain(
    100,
    gap(10.5, [
      ['storage', 'read', 90],
      ['wait', 'poll', 8],
    ]),
  );
  test('is one, with its causes in order of their time', () => {
    expect(more).toEqual([]);
    expect(incident?.causes.map(c => c.cause)).toEqual(['storage-io', 'host-blocked']);
  });
  test('shares out its whole excess, to which ordinary work does not belong', () => {
    expect(incident!.excess / MS).toBeCloseTo(98, 6);
    expect(incident!.causes.reduce((s, c) => s + c.excess, 0) / MS).toBeCloseTo(98, 6);
    expect(incident!.shares.reduce((s, c) => s + c.excess, 0) / MS).toBeCloseTo(98, 6);
  });
  test('says what each cause was about', () => {
    expect(incident?.causes.map(c => c.subject)).toEqual(['read', 'poll']);
  });
  test('begins where its main cause set in', () => expect(incident!.start / MS).toBeCloseTo(10.5, 6));
});

test('what a step lost is the delay of those who were in flight at its end', () => {
  const [incident] = explain(100, gap(10.5, [['storage', 'read', 90]]), 20, 42);
  expect(incident?.shares[0]).toMatchObject({ start: 42 * MS, end: 111 * MS });
});

test('a cause that holds less than a tenth of what nobody explains does not lead the stall', () => {
  const leads = (ms: number) => {
    const waits: Loss = {
      kind: 'queued',
      start: 10.5 * MS,
      end: (10.5 + 98 - ms) * MS,
      foreign: false,
      byClock: false,
      endedBy: 0,
      hostFunction: '',
      waitsUnseen: false,
      behind: undefined,
    };
    const reads = gap(10.5 + 98 - ms, [['storage', 'read', ms]]);
    return explain(100, [waits, ...reads])[0]?.causes.map(c => c.cause);
  };
  expect(leads(10)).toEqual(['storage-io', 'unexplained']);
  expect(leads(8)).toEqual(['unexplained', 'storage-io']);
});

describe('the subject', () => {
  test('is the call that took most of the cause’s time, not the first', () => {
    const [incident] = explain(
      100,
      gap(10.5, [
        ['storage', 'open', 20],
        ['storage', 'fsync', 70],
      ]),
    );
    expect(incident?.causes[0]?.subject).toBe('fsync');
  });
  test('of long work is its longest kernel', () => {
    const [incident] = explain(100, []);
    expect(incident?.causes[0]).toMatchObject({
      cause: 'head-of-line',
      subject: 'one long engine step, mostly kernel 10',
      confidence: 'high',
    });
  });
  test('of work that makes nobody slow is the ordinary work of others', () => {
    expect(explain(10, [])[0]?.causes[0]).toMatchObject({ cause: 'queueing', subject: 'normal work of other requests' });
  });
});

describe('whose a cause is', () => {
  const reading = (facts: object) =>
    explain(
      100,
      gap(10.5, [['storage', 'read', 90]]).map(l => ({ ...l, ...facts }) as Loss),
    )[0]?.causes[0];
  test('the launching thread’s own, where that waited for nobody: it is no symptom of another', () => {
    expect(reading({})).toMatchObject({ root: { process: 100, thread: 101, call: 'read' }, symptom: undefined });
  });
  test('the last of those who were waited for; the launching thread, which waited first, shows the symptom', () => {
    const via = [
      { thread: 1, call: 'sem_wait', rule: 'late' },
      { thread: 0, call: 'pthread_cond_wait', rule: 'late' },
    ];
    expect(reading({ root: 2, via })).toMatchObject({
      root: { process: 200, thread: 102, call: 'read' },
      symptom: { process: 100, thread: 101, call: 'sem_wait' },
    });
  });
  test('nobody’s, where the lane was not waiting for the host', () => {
    expect(explain(100, [])[0]?.causes[0]).not.toHaveProperty('root');
  });
});

describe('the beginning', () => {
  const begins = (stretches: Parameters<typeof gap>[1]) => ((explain(100, gap(10.1, stretches))[0]?.start ?? 0) / MS).toFixed(1);
  test('is where the gap turns into its main cause: an idle thread polls first', () => {
    expect(
      begins([
        ['wait', 'poll', 20],
        ['own-code', '', 75],
      ]),
    ).toBe('30.1');
  });
  test('is the gap’s own start when the main cause is there from the first moment', () => {
    expect(
      begins([
        ['own-code', '', 75],
        ['wait', 'poll', 20],
      ]),
    ).toBe('10.1');
  });
  test('does not wait for the last of several turns of the main cause', () => {
    expect(
      begins([
        ['own-code', '', 40],
        ['wait', 'poll', 5],
        ['own-code', '', 50],
      ]),
    ).toBe('10.1');
  });
});

test('what no detector attributes is unexplained and stands after whatever is earnest, however large', () => {
  const unknown: Loss = { kind: 'unknown', start: 10.5 * MS, end: 90.5 * MS };
  const [incident] = explain(100, [unknown, ...gap(90.5, [['storage', 'read', 15]])]);
  expect(incident?.causes.at(-1)?.cause).toBe('unexplained');
  expect(incident?.causes[0]?.cause).toBe('storage-io');
});
