import { group } from 'd3-array';
import { medianOf } from '#core/math/median';
import { normalOf, OUTLIER_SIGMAS } from '#core/math/normal-range';
import type { Share } from '#core/units';
import { boardOf } from '#machine/peaks/boards';
import type { CertVerdict } from '#schema/certification';
import type { MeasurementRow } from '#schema/measurement';
import { type LinksBetween, pairOf } from './expected.ts';
import type { OddFacts } from './facts.ts';
import { type Known, modelOf, slowedOf } from './figures.ts';
import { bestOf, type Figure, isFigure } from './grouped.ts';
import { gpusOf, isTogether, subjectOf } from './subject.ts';

/** GPUs of one kind in healthy clusters differ by 8 % on the average (Sinha et al., SC 2022, "Not All GPUs Are Created Equal"). */
const USUAL: Share = 0.08;
/** From here on the multi-GPU guide of the people who asked for this calls a difference between GPUs large; it says so of their memory. */
const LAGS: Share = 0.15;
/** What is normal among peers takes five of them; with three or four the others say what is usual, and two cannot tell which of them is odd. */
const [FEWEST_FOR_RANGE, FEWEST] = [5, 3];

/** How two GPUs are joined, where copies between them can be compared with copies of other pairs; undefined where nobody knows. */
function pathOf(row: Figure, known: Known, links: LinksBetween): string | undefined {
  const told = links(pairOf(row));
  if (told !== undefined) return String(told);
  const board = known.gpu ?? boardOf(modelOf(row, known.others) ?? '');
  return board?.fabric === 'switch' ? 'switch' : undefined;
}

/** What a figure can be compared with; undefined for what has no peers. */
function peersKey(row: Figure, known: Known): string | undefined {
  if (row.from === null || isTogether(row)) return undefined;
  const kind = [row.what, row.test, modelOf(row, known.others)];
  switch (row.what) {
    case 'matmul':
    case 'burn':
      return JSON.stringify([...kind, row.precision]);
    case 'device-copy':
      return JSON.stringify(kind);
    case 'host-copy':
      return JSON.stringify([...kind, row.from.startsWith('CPU'), row.both_ways]);
    case 'peer-copy': {
      const path = pathOf(row, known, known.linksBetween);
      return path === undefined ? undefined : JSON.stringify([...kind, path, row.both_ways]);
    }
    default:
      return undefined;
  }
}

interface Standing {
  readonly median: number;
  readonly sigmas: number | null;
  readonly verdict: CertVerdict;
}

/** Where a figure stands among its peers; undefined where it is not odd. @param own its place in `values` */
function standingOf(values: readonly number[], own: number, isFar: boolean): Standing | undefined {
  const value = values[own] ?? Number.NaN;
  const normal = normalOf(values, FEWEST_FOR_RANGE);
  const median = normal?.median ?? medianOf(values.filter((_, i) => i !== own));
  const behind = 1 - value / median;
  // Half of the GPUs may be farther from the host's memory: with few of them that says nothing of one.
  if (normal === undefined && (isFar || behind < LAGS)) return undefined;
  const beyond = normal === undefined || median - value > OUTLIER_SIGMAS * normal.sigma;
  if (!beyond || !(behind >= USUAL)) return undefined;
  const sigmas = normal === undefined || normal.sigma === 0 ? null : (median - value) / normal.sigma;
  return { median, sigmas, verdict: behind >= LAGS ? 'fail' : 'warn' };
}

/** Several figures of one GPU or pair in one test are sizes or repetitions: its best counts, at the greatest size that all have. */
function comparable(figures: readonly Figure[]): Figure[] {
  const own = [...group(figures, subjectOf).values()];
  const largest = Math.min(...own.map(of => Math.max(...of.map(f => f.bytes ?? 0))));
  return own.flatMap(of => bestOf(of.filter(f => (f.bytes ?? 0) === largest)) ?? bestOf(of) ?? []);
}

/** GPUs and pairs that are behind others of their kind in one test, and how many groups were too small to tell. */
export function oddOnes(rows: readonly MeasurementRow[], known: Known): { readonly odd: OddFacts[]; readonly compared: number } {
  const groups = [...group(rows.filter(isFigure), row => peersKey(row, known))]
    .flatMap(([key, figures]) => (key === undefined ? [] : [comparable(figures)]))
    .filter(peers => peers.length >= FEWEST);
  const odd = groups.flatMap(peers => {
    const values = peers.map(p => p.value);
    return peers.flatMap((row, i): OddFacts[] => {
      const found = standingOf(values, i, row.what === 'host-copy');
      if (found === undefined) return [];
      return [
        {
          ...{ what: row.what, test: row.test, subject: subjectOf(row), precision: row.precision, value: row.value, unit: row.unit },
          ...{ median: found.median, behind: 1 - row.value / found.median, peers: peers.length, sigmas: found.sigmas },
          ...{ verdict: found.verdict, slowed: slowedOf(gpusOf(row), known.slowed) },
        },
      ];
    });
  });
  return { odd: odd.toSorted((a, b) => b.behind - a.behind), compared: groups.length };
}
