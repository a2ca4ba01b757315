import type { MachineReadings } from '#app/inputs/machine-beside';
import type { Ns } from '#core/units';
import type { SeriesFile } from '#input/series/on-trace-clock';
import { judgeMachine } from '#machine/judge';
import { linksIn, type XidError, xidsIn } from '#machine/machine-facts';
import { rules } from '#machine/rules/index.gen';
import type { Facts } from '#report/build/facts';

const PCI = /^PCI (.+)$/;

/** Xid errors in a log of the kernel; those of a log without a known time of day may lie anywhere. */
const loggedXids = (files: readonly SeriesFile[]): XidError[] =>
  files.flatMap(({ series }) => {
    if (series.kind !== 'samples') return [];
    const at = (t_ms: number) => (series.clock.kind === 'epoch' ? series.origin_ns + BigInt(Math.round(t_ms * 1e6)) : undefined);
    return series.rows.flatMap(r => {
      const [, pci] = PCI.exec(r.entity) ?? [];
      return r.metric === 'xid' && pci !== undefined ? [{ ns: at(r.t_ms), pci, xid: r.value }] : [];
    });
  });

/** What the rules find in the state of the machine while the window was open. @param session epoch ns; undefined where it is not known: then nothing is left out */
export function judgedMachine(
  files: readonly SeriesFile[],
  { xids, links, inputs }: MachineReadings,
  session: bigint | undefined,
  [from, to]: readonly [Ns, Ns],
): Facts['machine'] {
  const at = (t: Ns) => (session ?? 0n) + BigInt(Math.round(t));
  const all = [...xids, ...loggedXids(files)];
  const judgements = judgeMachine(rules, {
    xids: session === undefined ? all : xidsIn(all, at(from), at(to)),
    links: session === undefined ? links : linksIn(links, at(from), at(to)),
    facts: files.flatMap(({ series }) => (series.kind === 'facts' ? series.rows : [])),
  });
  return { judgements, inputs, judged: new Set(rules.flatMap(r => [...r.judges])) };
}
