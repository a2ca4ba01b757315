import { contradiction, defineCheck } from '#audit/define';
import { linksOf, machineNamed } from '#audit/machines';
import type { Statement } from '#audit/statement';
import { inContext, ofQuantity, type StatementSet } from '#audit/statement-set';
import { num, percent } from '#audit/wording';

/**
 * Links that are up carry more than half of their peak: nvbandwidth about 770 of 900 GB/s on GB200 (86 %), our 2×H200 374 of 450 (83 %)
 * for copies and 327 of 450 (73 %) for all-reduce.
 */
const FULL_SHARE = 0.5;
const ROUNDING = 0.02;

interface Peak {
  readonly gb_per_s: number;
  readonly how: string;
  readonly statements: readonly Statement[];
}

/** What the links of the document's GPUs carry in one direction. */
function peakOf(set: StatementSet, statement: Statement): Peak | undefined {
  const gpus = inContext(set, statement, 'gpus');
  const machine = gpus === undefined ? undefined : machineNamed(gpus.of);
  if (gpus === undefined || machine === undefined) return undefined;
  const own = linksOf(machine);
  if (own.links === 0) return undefined;
  // What is said of each GPU counts for a pair of two, whatever else a matrix of another machine shows.
  const perGpu = gpus.value === 2 ? inContext(set, statement, 'links_per_gpu') : undefined;
  const pair = statement.quantity === 'p2p_gb_per_s' ? (perGpu ?? inContext(set, statement, 'links_per_pair')) : undefined;
  const links = Math.min(pair?.value ?? own.links, own.links);
  return {
    gb_per_s: links * own.link_gb_per_s,
    how: `${links} NVLinks × ${num(own.link_gb_per_s)} GB/s one way on ${machine.model}`,
    statements: pair === undefined ? [gpus] : [gpus, pair],
  };
}

/** An all-reduce in the switch passes each byte once: its bus bandwidth, which counts 2(n − 1)/n of them, may pass the link's peak. */
const mostOf = (statement: Statement, peak: Peak, gpus: number): number =>
  statement.quantity === 'all_reduce_gb_per_s' ? (peak.gb_per_s * 2 * (gpus - 1)) / gpus : 2 * peak.gb_per_s;

export default defineCheck({
  id: 'link-bandwidth',
  title: "Bandwidth against the links' peak",
  formula:
    'peak = links × GB/s one way; P2P ≤ 2 × peak (both ways), all-reduce ≤ 2(n−1)/n × peak; "fully enabled" means more than 50 % of peak',
  source: 'NVLink rates as NVIDIA states them (src/machine/peaks/boards.ts); bus bandwidth as in nccl-tests doc/PERFORMANCE.md',
  find: set =>
    [...ofQuantity(set, 'p2p_gb_per_s'), ...ofQuantity(set, 'all_reduce_gb_per_s')].flatMap(statement => {
      const peak = peakOf(set, statement);
      const gpus = inContext(set, statement, 'gpus')?.value ?? 0;
      if (peak === undefined || gpus < 2) return [];
      const computed = { what: 'peak of the links, one way', value: peak.gb_per_s, unit: 'GB/s' };
      const told = `${peak.how} = ${num(peak.gb_per_s)} GB/s`;
      const most = mostOf(statement, peak, gpus);
      if (statement.lower > most * (1 + ROUNDING)) {
        const sentence = `${statement.text} is more than ${num(most)} GB/s, the most that ${told} allow.`;
        return [contradiction('impossible', statement, computed, sentence, peak.statements)];
      }
      const full = inContext(set, statement, 'links_full');
      if (full === undefined || full.scope[1] !== statement.scope[1] || statement.upper >= FULL_SHARE * peak.gb_per_s) return [];
      const sentence = `${statement.text} is ${percent(statement.value / peak.gb_per_s)} of ${told}, although the links are said to be up ("${full.text}"). Links that are up carry more than half.`;
      return [contradiction('implausible', statement, computed, sentence, [full, ...peak.statements])];
    }),
});
