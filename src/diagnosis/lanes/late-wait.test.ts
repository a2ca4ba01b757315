import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keptWaiting, type Lateness } from './late-wait.ts';
import type { Loss } from './loss.ts';

const late: Lateness = { rank: 'rank 1', cause: 'host-compute', why: 'its own code', device: 0, process: 0, from: 100, to: 200 };
const copy = (start: number, end: number): Loss => ({ kind: 'copy', start, end, bytes: 1, copyKind: 2, pageable: false });

test('what the late rank lost while the others waited is the wait for it; what it lost before and after stays', () => {
  expect(keptWaiting([copy(0, 50), copy(80, 120), copy(130, 140), copy(180, 300)], [late])).toEqual([
    copy(0, 50),
    copy(80, 100),
    { kind: 'spin', start: 100, end: 120, wait: late },
    { kind: 'spin', start: 130, end: 140, wait: late },
    { kind: 'spin', start: 180, end: 200, wait: late },
    copy(200, 300),
  ]);
});

test('without lateness nothing changes', () => {
  const losses = [copy(0, 50)];
  expect(keptWaiting(losses, [])).toEqual(losses);
});

test('lateness that covers a loss to its edges leaves nothing of it', () => {
  expect(keptWaiting([copy(100, 200)], [late])).toEqual([{ kind: 'spin', start: 100, end: 200, wait: late }]);
});

/** The same, one stretch of lateness after the other: what it means, in quadratic time. */
const oneByOne = (losses: readonly Loss[], all: readonly Lateness[]): readonly Loss[] =>
  all.reduce(
    (left, l) =>
      left.flatMap(loss => {
        const [start, end] = [Math.max(loss.start, l.from), Math.min(loss.end, l.to)];
        if (end <= start) return [loss];
        const spin = { kind: 'spin' as const, start, end, wait: l };
        return [...(loss.start < start ? [{ ...loss, end: start }] : []), spin, ...(loss.end > end ? [{ ...loss, start: end }] : [])];
      }),
    losses,
  );

/** Neighbours that say the same, as one. */
function joined(losses: readonly Loss[]): Loss[] {
  const out: Loss[] = [];
  for (const loss of losses) {
    const last = out.at(-1);
    const isSame = last?.kind === 'spin' && loss.kind === 'spin' && last.wait === loss.wait && last.end === loss.start;
    if (isSame) out[out.length - 1] = { ...last, end: loss.end };
    else out.push(loss);
  }
  return out;
}

test('one pass over both lists says what one pass for each stretch of lateness says, also where stretches overlap', () => {
  const stretch = fc.tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 1, max: 30 }));
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 0, max: 200 }), { maxLength: 30 }),
      fc.array(stretch, { maxLength: 8 }),
      (cuts, stretches) => {
        const edges = cuts.toSorted((a, b) => a - b);
        const losses = edges.flatMap((start, k) => (k % 2 === 0 && k + 1 < edges.length ? [copy(start, edges[k + 1] ?? 0)] : []));
        const all = stretches.map(([from, length], k) => ({ ...late, rank: `rank ${k}`, from, to: from + length }));
        expect(joined(keptWaiting(losses, all))).toEqual(joined(oneByOne(losses, all)));
      },
    ),
  );
});
