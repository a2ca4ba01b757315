import { max, mean } from 'd3-array';
import type { MeasurementRow } from '#schema/measurement';
import type { FactRow } from '#schema/relation';
import { boardOfAll, factOf } from './gpus.ts';
import { isNvlink, pairsOf } from './joined.ts';

/** What NVLink reaches between the GPUs of a machine, GB/s. */
export interface NvlinkSummary {
  /** Over pairs and directions, each by its best size, one way. */
  readonly meanP2p: number | undefined;
  readonly peakP2p: number | undefined;
  /** Highest bus bandwidth of an all-reduce (nccl-tests, doc/PERFORMANCE.md). */
  readonly allReduce: number | undefined;
  /** Whether the switch added up (NVLink SHARP), as NCCL's log says. */
  readonly nvls: boolean | undefined;
  /** NVLinks of a pair, where all pairs that have any are alike. */
  readonly links: number | undefined;
  readonly pairs: number;
  readonly pairsOverPcie: number;
  /** Whether every pair has all links of the board; undefined where the board or the topology is not known. */
  readonly isFull: boolean | undefined;
}

const GPU = /^GPU \d+$/;

/** The best copy of each pair and direction, GB/s one way. */
function bestCopies(rows: readonly MeasurementRow[]): readonly number[] {
  const best = new Map<string, number>();
  for (const { what, from, to, both_ways, value } of rows) {
    if (what !== 'peer-copy' || both_ways || value === null || !GPU.test(from ?? '') || !GPU.test(to ?? '') || from === to) continue;
    const pair = `${from}-${to}`;
    best.set(pair, Math.max(best.get(pair) ?? 0, value));
  }
  return [...best.values()];
}

/** Sums up what tests measured and what the topology says; undefined where neither tells anything. */
export function nvlinkSummary(rows: readonly MeasurementRow[], facts: readonly FactRow[]): NvlinkSummary | undefined {
  const copies = bestCopies(rows);
  const reduced = rows.flatMap(r => (r.what === 'collective' && /^all_?reduce/i.test(r.test) ? (r.value ?? []) : []));
  const pairs = pairsOf(facts);
  if (copies.length === 0 && reduced.length === 0 && pairs.length === 0) return undefined;
  const joined = pairs.filter(p => isNvlink(p.link));
  const counts = [...new Set(joined.map(p => Number(p.link.slice('NV'.length))))];
  const links = counts.length === 1 ? counts[0] : undefined;
  const nvls = factOf(facts, 'NCCL', 'nvls');
  const board = boardOfAll(facts);
  return {
    meanP2p: mean(copies),
    peakP2p: max(copies),
    allReduce: max(reduced),
    nvls: typeof nvls === 'boolean' ? nvls : undefined,
    links,
    pairs: pairs.length,
    pairsOverPcie: pairs.length - joined.length,
    isFull: board === undefined || pairs.length === 0 ? undefined : joined.length === pairs.length && links === board.links,
  };
}
