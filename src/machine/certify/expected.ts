import type { Bytes } from '#core/units';
import type { Board, Precision } from '#machine/peaks/boards';
import type { MeasurementRow } from '#schema/measurement';
import type { FigureReason } from './facts.ts';
import { isTogether } from './subject.ts';

/** What is published for a figure; or why there is nothing to hold it against. */
export type Expected = { readonly peak: number } | { readonly none: FigureReason };

/** NVLinks between two GPUs as `nvidia-smi topo -m` tells them; undefined where nobody did. @param pair "GPU 0-GPU 1" */
export type LinksBetween = (pair: string) => number | 'no-nvlink' | undefined;

const none = (reason: FigureReason): Expected => ({ none: reason });

/** Of products and copies between GPUs or to the host. @param board undefined where the model is not in the table */
export function expectedOf(row: MeasurementRow, board: Board | undefined, linksBetween: LinksBetween): Expected {
  if (row.what === 'device-copy') return none('local-copy');
  if (row.what === 'burn' || row.what === 'latency') return none(row.what);
  if (isTogether(row)) return none('together');
  if (board === undefined) return none('no-board');
  const ways = row.both_ways ? 2 : 1;
  switch (row.what) {
    case 'matmul': {
      const peak = board.tflops[row.precision as Precision];
      return peak === undefined ? none('no-peak') : { peak };
    }
    case 'host-copy':
      return board.host === null ? none('no-peak') : { peak: ways * board.host };
    case 'peer-copy': {
      const told = linksBetween(pairOf(row));
      if (board.fabric === 'none' || (told === 'no-nvlink' && board.fabric === 'bridge')) return none('no-nvlink');
      const links = typeof told === 'number' ? Math.min(told, board.links) : board.links;
      return { peak: ways * links * board.link };
    }
    default:
      return board.fabric === 'none' ? none('no-nvlink') : { peak: board.links * board.link };
  }
}

/** "GPU 0-GPU 1", the lower number first. */
export function pairOf({ from, to }: Pick<MeasurementRow, 'from' | 'to'>): string {
  const numbers = [from, to].map(place => Number(/\d+/.exec(place ?? '')?.[0] ?? Number.NaN));
  return numbers
    .toSorted((a, b) => a - b)
    .map(n => `GPU ${n}`)
    .join('-');
}

const SHAPE = /^(\d+)x(\d+)x(\d+)$/;
const BYTES: Readonly<Record<string, Bytes>> = { float64: 8, float32: 4, tf32: 4, float16: 2, bfloat16: 2, float8: 1 };
/** A launch, and filling and draining the GPU, take some 10 µs: a product that takes ten times that at the peak is limited by the peak. */
const SHORTEST_US = 100;
/** A product with twice the operations a byte at which memory and tensor cores are busy alike is not limited by memory (roofline, Williams et al. 2009). */
const RIDGES = 2;
const OPS_PER_TFLOP_US = 1e6;

/** Why a product of this shape may be far below the peak; undefined where it should not be. A shape that is not told is the tool's own, chosen for the peak. */
export function shapeLimit(row: MeasurementRow, peakTflops: number, board: Board | undefined): 'too-small' | 'memory-bound' | undefined {
  const [, m, n, k] = (SHAPE.exec(row.test) ?? []).map(Number);
  if (m === undefined || n === undefined || k === undefined) return undefined;
  const ops = 2 * m * n * k;
  if (ops / (peakTflops * OPS_PER_TFLOP_US) < SHORTEST_US) return 'too-small';
  const moved = (m * k + k * n + m * n) * (BYTES[row.precision ?? ''] ?? 1);
  const ridge = board?.memory == null ? 0 : (peakTflops * 1000) / board.memory;
  return ops / moved < RIDGES * ridge ? 'memory-bound' : undefined;
}
