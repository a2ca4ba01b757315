import type { Bytes, Share } from '#core/units';
import { type Board, boardOf } from '#machine/peaks/boards';
import type { CertVerdict } from '#schema/certification';
import type { MeasurementRow } from '#schema/measurement';
import { expectedOf, type LinksBetween, pairOf, shapeLimit } from './expected.ts';
import type { FigureFacts, FigureReason } from './facts.ts';
import { bestOf, byThing, type Figure, timesBySize } from './grouped.ts';
import { hockneyOf } from './hockney.ts';
import { gpusOf, subjectOf } from './subject.ts';

/** What is far below what should be: the multi-GPU guide of the people who asked for this calls "less than 50 % of expected" a fault. */
const FAR_BELOW: Share = 0.5;
/** A published peak is a product of clocks and widths, and nothing passes it by more than rounding and the boost of a clock. */
const MOST: Share = 1.02;
/** A message of ten half sizes reaches ten elevenths of the bandwidth. */
const BEYOND_KNEE = 10;
/** Where too few sizes show the latency: the longest of a healthy machine that we know (nccl-tests, all-reduce of 4 B on eight A100: 35 µs), and a margin. */
const LONGEST_LATENCY_US = 50;
const BYTES_PER_US_PER_GB_S = 1000;

/** What figures are judged with. */
export interface Known {
  /** Model that the user names: it stands for all. */
  readonly gpu: Board | undefined;
  /** Models that other files name; used where a row names none and they are one. */
  readonly others: readonly string[];
  readonly linksBetween: LinksBetween;
  /** Bits of the reasons for lowered clocks, by GPU. */
  readonly slowed: ReadonlyMap<number, number>;
}

/** The model of a row's GPU: its own, or the only one that the files name. */
export const modelOf = (row: MeasurementRow, others: readonly string[]): string | undefined =>
  row.gpu_model ?? (others.length === 1 ? others[0] : undefined);

/** Bits of all GPUs of a figure; of all that were sampled where it names none. */
export const slowedOf = (gpus: readonly number[], slowed: ReadonlyMap<number, number>): number =>
  (gpus.length === 0 ? [...slowed.values()] : gpus.map(g => slowed.get(g) ?? 0)).reduce((all, bits) => all | bits, 0);

interface Judged {
  readonly peak: number | null;
  readonly why: FigureReason;
  readonly judgedFrom: Bytes | null;
}

/** From which size on a low figure says something of the bandwidth. */
function judgedFrom(figures: readonly Figure[], peakGbPerS: number): Bytes {
  const times = timesBySize(figures);
  const seen = hockneyOf(times);
  const assumed = LONGEST_LATENCY_US * BYTES_PER_US_PER_GB_S * peakGbPerS;
  return BEYOND_KNEE * (seen === undefined ? assumed : seen.half_bytes);
}

/** Why a figure that is far below its peak may be so without a fault; undefined where it may not. */
function excuseOf(best: Figure, figures: readonly Figure[], board: Board, peak: number, links: LinksBetween): Partial<Judged> | undefined {
  if (best.what === 'matmul') {
    const why = shapeLimit(best, peak, board);
    return why === undefined ? undefined : { why };
  }
  const pair = best.what === 'peer-copy' ? links(pairOf(best)) : undefined;
  if (best.what !== 'host-copy' && board.fabric === 'bridge' && pair === undefined) return { why: 'bridge' };
  if (best.what === 'collective' && (best.ranks ?? 0) > board.joined) return { why: 'beyond-fabric' };
  const sizes = figures.flatMap(f => f.bytes ?? []);
  if (sizes.length === 0) return undefined;
  const from = judgedFrom(figures, peak);
  return Math.max(...sizes) < from ? { why: 'too-small', judgedFrom: from } : undefined;
}

function judge(best: Figure, figures: readonly Figure[], board: Board | undefined, links: LinksBetween): Judged {
  const expected = expectedOf(best, board, links);
  if ('none' in expected || board === undefined)
    return { peak: null, why: 'none' in expected ? expected.none : 'no-board', judgedFrom: null };
  const { peak } = expected;
  const share = best.value / peak;
  const told = (why: FigureReason) => ({ peak, why, judgedFrom: null });
  if (share > MOST) return told(best.what === 'collective' ? 'in-switch' : 'above-peak');
  if (share >= FAR_BELOW) return told('reached');
  return { ...told('below-half'), ...excuseOf(best, figures, board, peak, links) };
}

const VERDICTS: Readonly<Partial<Record<FigureReason, CertVerdict>>> = {
  reached: 'pass',
  'in-switch': 'pass',
  'above-peak': 'warn',
  'below-half': 'fail',
};

/** Each thing that was measured, by its best figure, beside what is published of it. */
export const figuresOf = (rows: readonly MeasurementRow[], known: Known): FigureFacts[] =>
  [...byThing(rows).values()].flatMap(figures => {
    const best = bestOf(figures);
    if (best === undefined) return [];
    const model = modelOf(best, known.others);
    const board = known.gpu ?? (model === undefined ? undefined : boardOf(model));
    const { peak, why, judgedFrom: from } = judge(best, figures, board, known.linksBetween);
    const gpus = gpusOf(best);
    return [
      {
        ...{ what: best.what, test: best.test, subject: subjectOf(best), precision: best.precision, bytes: best.bytes },
        ...{ value: best.value, unit: best.unit, peak, peak_source: peak === null ? null : (board?.source ?? null) },
        ...{ share: peak === null ? null : best.value / peak, verdict: VERDICTS[why] ?? 'not-judged', why },
        ...{ board: board?.board ?? null, gpus, slowed: slowedOf(gpus, known.slowed), judged_from_bytes: from },
      },
    ];
  });
