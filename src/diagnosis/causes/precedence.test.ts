import { describe, expect, test } from 'vitest';
import type { Loss } from '#diagnosis/lanes/loss';
import { attributeWork } from '#diagnosis/steps/long-work';
import { attributeLosses } from './attribute-losses.ts';
import { detectors } from './index.gen.ts';
import { contextOf, copied, gapOf, MS, queued, slow, starved, unknown, work } from './losses.test-data.ts';

const winner = (loss: Loss, context = contextOf()) => attributeLosses([loss], detectors, context)[0]?.cause;
const faulting = contextOf({ paging: () => '9000 major page faults a second' });
const throttled = contextOf({ clockLoss: () => 0.2 });
const migrating = contextOf({}, { migrated: () => ({ ns: 10 * MS, toHostNs: 10 * MS, bytes: 4096, faults: 9 }) });

test('no two detectors have the same precedence, so the order of folders decides nothing', () => {
  expect(new Set(detectors.map(d => d.precedence)).size).toBe(detectors.length);
});

test('the answer does not depend on the order in which detectors are asked', () => {
  // Own code beside a load, reads and allocations: four would have it.
  const loss = starved('own-code', '', gapOf({ storage: 9 * MS, memory: 9 * MS, code: 9 * MS, 'own-code': 9 * MS }));
  expect(detectors.filter(d => d.attributeLoss?.(loss, contextOf()) !== undefined)).toHaveLength(4);
  expect(attributeLosses([loss], detectors.toReversed(), contextOf())[0]?.cause).toBe('code-load');
});

describe('contests for a starved lane', () => {
  const inGap = (activity: Parameters<typeof starved>[0], ...gap: Parameters<typeof gapOf>) => starved(activity, 'call', gapOf(...gap));
  test('file reads and allocations in a gap in which a module was loaded have evidence of their own; own code around the load is the loading', () => {
    const gap = { storage: 30 * MS, memory: 30 * MS, code: 20 * MS, 'own-code': 20 * MS };
    expect(winner(inGap('storage', gap))).toBe('storage-io');
    expect(winner(inGap('memory', gap))).toBe('memory-allocation');
    expect(winner(inGap('code', gap))).toBe('code-load');
    expect(winner(inGap('own-code', gap))).toBe('code-load');
  });
  test('file reads in a gap without loading are storage', () => expect(winner(inGap('storage', { storage: 100 }))).toBe('storage-io'));
  test('the profiler’s own time is nobody else’s', () =>
    expect(winner(inGap('profiler', { profiler: 1, code: 99 }))).toBe('profiler-artefact'));
  test('a read in a gap full of allocations is still a read', () => {
    expect(winner(inGap('storage', { memory: 90, storage: 10 }))).toBe('storage-io');
  });
  test('own code between allocations is allocation, also on a host that pages', () => {
    expect(winner(inGap('own-code', { memory: 60, 'own-code': 40 }), faulting)).toBe('memory-allocation');
  });
  test('own code on a host that pages is paging, not computing', () => {
    expect(winner(starved('own-code'), faulting)).toBe('paging');
    expect(winner(starved('own-code'))).toBe('host-compute');
  });
  test('own code while pages of managed memory move is their moving, not computing; a wait stays a wait', () => {
    expect(winner(starved('own-code'), migrating)).toBe('unified-memory');
    expect(winner(starved('wait', 'poll'), migrating)).toBe('host-blocked');
  });
  test('own code between waits is no wait: it is computing, or paging on a host that pages', () => {
    expect(winner(inGap('own-code', { wait: 60, 'own-code': 40 }))).toBe('host-compute');
    expect(winner(inGap('own-code', { wait: 60, 'own-code': 40 }), faulting)).toBe('paging');
  });
  test('a gap of reads and waits: its own code goes to the reads', () => {
    expect(winner(inGap('own-code', { storage: 20, wait: 50, 'own-code': 30 }))).toBe('storage-io');
  });
  test('what an engine lost that had been given nothing to do is nobody’s', () => {
    expect(winner({ ...starved('wait', 'poll'), isInput: true })).toBeUndefined();
    expect(winner(starved('wait', 'poll'))).toBe('host-blocked');
  });
  test('own code right after a needless synchronisation is that synchronisation’s', () => {
    const restart = (ns: number) => inGap('own-code', { 'own-code': ns }, { afterNeedlessSync: true });
    expect(winner(restart(MS / 2))).toBe('device-sync');
    expect(winner(restart(5 * MS))).toBe('host-compute');
  });
  test('a copy call is a copy, not a synchronisation', () => expect(winner(inGap('copy', { copy: 1 }))).toBe('blocking-copy'));
});

describe('contests for slow kernels', () => {
  test('company slows them, and is blamed', () => expect(winner(slow({ foreignShare: 1, slowAround: 1 }))).toBe('gpu-contention'));
  test('the part that a lowered clock takes is the clock’s, even in company', () => {
    expect(winner(slow({ byClock: true, slowAround: 1, foreignShare: 1 }), throttled)).toBe('clock-throttle');
  });
  test('the part beyond the clock’s is the company’s', () => {
    expect(winner(slow({ slowAround: 1, foreignShare: 1 }), throttled)).toBe('gpu-contention');
  });
  test('a single slow kernel among normal ones is nobody’s', () => {
    expect(winner(slow())).toBeUndefined();
  });
  test('slow kernels at a lowered clock, beyond what it explains, are nobody’s', () => {
    expect(winner(slow({ slowAround: 1 }), throttled)).toBeUndefined();
  });
});

test('queued work is the clock’s for as long as the others took only because of it', () => {
  expect(winner({ ...queued(MS, true), byClock: true }, throttled)).toBe('clock-throttle');
  expect(winner(queued(MS, true), throttled)).toBe('gpu-contention');
});

test('a gap without a launch record is nobody’s', () => expect(winner(unknown, faulting)).toBeUndefined());

test('queued work of several streams with nobody else on the GPU is nobody’s', () => {
  expect(winner(queued(5 * MS, false))).toBeUndefined();
});

describe('contests for extra work', () => {
  const whose = (facts: Parameters<typeof work>[0]) => attributeWork(work(facts), detectors, contextOf()).cause;
  test('one step long enough to make a request slow is head-of-line, not queueing', () => {
    expect(whose({ excess: 20 * MS })).toBe('head-of-line');
    expect(whose({ excess: 20 * MS - 1 })).toBe('queueing');
  });
  test('long work in lockstep with the host is the synchronisation’s', () => {
    expect(whose({ excess: 200 * MS, lockstepShare: 0.9 })).toBe('device-sync');
  });
});

describe('contests for a kernel that took long, or a copy', () => {
  test('pages that move explain it before company does, and the clock keeps its own part', () => {
    expect(winner(slow({ foreignShare: 1 }), migrating)).toBe('unified-memory');
    expect(winner(slow({ foreignShare: 1 }))).toBe('gpu-contention');
    expect(winner(slow({ byClock: true }), migrating)).toBe('clock-throttle');
  });
  test('a migration is no copy of the program’s', () => {
    expect(winner(copied(4096, 11), migrating)).toBe('unified-memory');
    expect(winner(copied(4096, 1), migrating)).toBe('blocking-copy');
  });
});
