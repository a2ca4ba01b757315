import { count, plain } from '#core/format/numbers';
import type { MachineRule } from '#machine/define';
import { factOf, gpusOf } from '#machine/gpus';
import type { Judgement } from '#machine/judge';
import type { MachineFacts } from '#machine/machine-facts';
import type { NvlinkSummary } from '#machine/nvlink-summary';
import type { Health, NvlinkHealth } from '#schema/health';
import type { Finding } from '#schema/report';
import { machineFindings } from './findings.ts';

/** A machine that was judged, before it is put into words. */
export interface JudgedMachine {
  readonly facts: MachineFacts;
  readonly rules: readonly MachineRule[];
  readonly judgements: readonly Judgement[];
  /** Rules that nothing told enough. */
  readonly untold: readonly MachineRule[];
  readonly nvlink: NvlinkSummary | undefined;
  readonly sources: readonly string[];
  readonly notes: readonly string[];
  readonly version: string;
}

const textOf = (value: string | number | boolean | undefined) => (value === undefined ? null : String(value));
const isGrave = (f: Finding) => f.severity === 'high' || f.severity === 'medium';

function answerOf(findings: readonly Finding[], judged: number, untold: number): string {
  const grave = findings.filter(isGrave);
  const [worst] = grave;
  if (judged === 0) return 'Nothing could be judged: no rule had anything to go by.';
  if (worst !== undefined) {
    const more = grave.length > 1 ? ` And ${count(grave.length - 1, 'more thing')}.` : '';
    return `This machine is not what it should be. ${worst.title}.${more}`;
  }
  const remarks = findings.length === 0 ? '' : ` but ${count(findings.length, 'remark')}`;
  const rest = untold === 0 ? '' : ' The others had nothing to go by.';
  return `Nothing is wrong with this machine${remarks}, as far as ${plain(judged)} of ${count(judged + untold, 'rule')} can tell.${rest}`;
}

/** As verify_nvlink.py of the guide for 8×B200 tells it: "NV18 mesh (fully enabled)". */
function topologyOf({ links, pairs, pairsOverPcie, isFull }: NvlinkSummary): string | null {
  if (pairs === 0) return null;
  if (pairsOverPcie === pairs) return 'PCIe only, no NVLink';
  const mesh = links === undefined ? 'NVLink, pairs with different numbers of links' : `NV${links} mesh`;
  const over = pairsOverPcie === 0 ? [] : [`${pairsOverPcie} of ${count(pairs, 'pair')} over PCIe`];
  const state = isFull === true ? ['fully enabled'] : isFull === false && pairsOverPcie === 0 ? ['not all links of the board'] : over;
  return state.length === 0 ? mesh : `${mesh} (${state.join(', ')})`;
}

const nvlinkOf = (summary: NvlinkSummary): NvlinkHealth => ({
  mean_p2p_gb_per_s: summary.meanP2p ?? null,
  peak_p2p_gb_per_s: summary.peakP2p ?? null,
  all_reduce_gb_per_s: summary.allReduce ?? null,
  nvls: summary.nvls ?? null,
  topology: topologyOf(summary),
});

/** Puts what the rules found into a Health: the worst first, and what they could not judge. */
export function wordHealth({ facts, rules, judgements, untold, nvlink, sources, notes, version }: JudgedMachine): Health {
  const findings = machineFindings(judgements);
  const told = rules.filter(r => !untold.includes(r));
  const gpus = gpusOf(facts.facts);
  const models = [...new Set(gpus.flatMap(g => g.text('product_name') ?? []))];
  return {
    schema: 'forensics.health/1',
    tool: { name: 'forensics', version },
    answer: answerOf(findings, told.length, untold.length),
    machine: {
      gpus: gpus.length,
      model: models.length === 0 ? null : models.join(', '),
      driver: textOf(factOf(facts.facts, 'machine', 'driver_version')),
      cuda: textOf(factOf(facts.facts, 'machine', 'cuda_version')),
    },
    sources: [...sources],
    findings,
    judged: told.map(r => r.id),
    not_judged: untold.map(r => ({ rule: r.id, title: r.title, needs: r.needs })),
    nvlink: nvlink === undefined ? null : nvlinkOf(nvlink),
    notes: [...notes],
  };
}
