import { contradiction, defineCheck } from '../../define.ts';
import { linkPeak, machineNamed } from '../../machines.ts';
import type { Statement } from '../../statement.ts';
import { inContext, ofQuantity, type StatementSet } from '../../statement-set.ts';
import { num, percent } from '../../wording.ts';

/**
 * Links that are up carry more than half of their peak: nvbandwidth about 770 of 900 GB/s on GB200 (86 %), our 2×H200 374 of 450 (83 %)
 * for copies and 327 of 450 (73 %) for all-reduce.
 */
const FULL_SHARE = 0.5;
const ROUNDING = 0.02;

interface Peak {
  readonly gb_per_s: number;
  readonly how: string;
  readonly claims: readonly Statement[];
}

/** What the links of the document's GPUs carry in one direction. */
function peakOf(book: StatementSet, claim: Statement): Peak | undefined {
  const gpus = inContext(book, claim, 'gpus');
  const machine = gpus === undefined ? undefined : machineNamed(gpus.of);
  if (gpus === undefined || machine === undefined || machine.links === 0) return undefined;
  const pair = claim.quantity === 'p2p_gb_per_s' ? inContext(book, claim, 'links_per_pair') : undefined;
  const links = Math.min(pair?.value ?? machine.links, machine.links);
  return {
    gb_per_s: (linkPeak(machine) * links) / machine.links,
    how: `${links} NVLinks × ${num(machine.link_gb_per_s)} GB/s one way on ${machine.model}`,
    claims: pair === undefined ? [gpus] : [gpus, pair],
  };
}

/** An all-reduce in the switch passes each byte once: its bus bandwidth, which counts 2(n − 1)/n of them, may pass the link's peak. */
const mostOf = (claim: Statement, peak: Peak, gpus: number): number =>
  claim.quantity === 'all_reduce_gb_per_s' ? (peak.gb_per_s * 2 * (gpus - 1)) / gpus : 2 * peak.gb_per_s;

export default defineCheck({
  id: 'link-bandwidth',
  title: "Bandwidth against the links' peak",
  formula:
    'peak = links × GB/s one way; P2P ≤ 2 × peak (both ways), all-reduce ≤ 2(n−1)/n × peak; "fully enabled" means more than 50 % of peak',
  source: 'NVLink rates as NVIDIA states them (src/audit/machines.ts); bus bandwidth as in nccl-tests doc/PERFORMANCE.md',
  find: book =>
    [...ofQuantity(book, 'p2p_gb_per_s'), ...ofQuantity(book, 'all_reduce_gb_per_s')].flatMap(claim => {
      const peak = peakOf(book, claim);
      const gpus = inContext(book, claim, 'gpus')?.value ?? 0;
      if (peak === undefined || gpus < 2) return [];
      const computed = { what: 'peak of the links, one way', value: peak.gb_per_s, unit: 'GB/s' };
      const told = `${peak.how} = ${num(peak.gb_per_s)} GB/s`;
      const most = mostOf(claim, peak, gpus);
      if (claim.lower > most * (1 + ROUNDING)) {
        const sentence = `${claim.text} is more than ${num(most)} GB/s, the most that ${told} allow.`;
        return [contradiction('impossible', claim, computed, sentence, peak.claims)];
      }
      const full = inContext(book, claim, 'links_full');
      if (full === undefined || full.scope[1] !== claim.scope[1] || claim.upper >= FULL_SHARE * peak.gb_per_s) return [];
      const sentence = `${claim.text} is ${percent(claim.value / peak.gb_per_s)} of ${told}, although the links are said to be up ("${full.text}"). Links that are up carry more than half.`;
      return [contradiction('implausible', claim, computed, sentence, [full, ...peak.claims])];
    }),
});
