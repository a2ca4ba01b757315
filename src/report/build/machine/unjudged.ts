import { count } from '#core/format/numbers';
import { countsPreemptions } from '#diagnosis/telemetry/preemptions';
import type { SeriesFile } from '#input/series/on-trace-clock';
import type { Capability } from '#schema/report';
import type { Facts } from '../facts.ts';

/** What the rules look at, by format; energy looks at every meter. */
const isMeter = (unit: string) => unit === 'W' || unit === 'J' || unit === 'mJ';

/** Why a file that was read yields nothing, or undefined where it yields something. @param judged formats that rules judge */
function whyNothing({ series }: SeriesFile, judged: ReadonlySet<string>): string | undefined {
  if (judged.has(series.format)) return undefined;
  if (series.kind === 'summary')
    return 'a summary has no times of single requests, so nothing of it can be laid beside the rest (forensics audit checks its figures)';
  if (series.kind === 'facts') return 'no rule judges such facts';
  if (series.kind === 'measurements') return 'its figures are of a test of the machine, without times (forensics certify judges them)';
  if (series.kind !== 'samples' || series.rows.some(r => isMeter(r.unit) || countsPreemptions(r))) return undefined;
  return 'none of its readings is power, energy, or a count that a cause rests on';
}

/** A sentence for each file that was read and yields nothing. */
export const unjudged = ({ files, machine }: Pick<Facts, 'files' | 'machine'>): string[] => [
  ...files.flatMap(file => {
    const why = whyNothing(file, machine.judged);
    return why === undefined ? [] : [sentence(file.path, why)];
  }),
  ...machine.notOurs.map(path => sentence(path, 'it does not begin as the samplers of forensics write it')),
];

const sentence = (path: string, why: string): string => `What ${path} says of this run: read, and not judged because ${why}.`;

/** What was looked at of the machine, with its figure: that nothing was found is told as well. */
export const machineLooks = ({ machine: { inputs, judgements } }: Pick<Facts, 'machine'>): Capability[] =>
  inputs.map(({ path, format, kind }) => {
    if (kind === 'facts') {
      const found = count(judgements.length, 'rule');
      return { what: `state of the machine (${path})`, available: true, why: `recorded: ${found} found something` };
    }
    const rule = format === 'forensics-xid' ? 'xid' : 'nvlink-errors';
    const what = rule === 'xid' ? `errors that the driver told the kernel (${path})` : `errors that NVLinks counted (${path})`;
    const n = judgements.find(j => j.rule.id === rule)?.sightings.length ?? 0;
    const many = rule === 'xid' ? count(n, 'kind of error', 'kinds of error') : count(n, 'link');
    return { what, available: true, why: n === 0 ? 'recorded: none in the window' : `recorded: ${many} in the window` };
  });
