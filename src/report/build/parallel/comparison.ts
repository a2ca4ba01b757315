import { bytes, gbps, ms, percent } from '#core/format/numbers';
import type { ComparedSchedules, Difference } from '#multi-gpu/pipeline/compare';
import type { Pipeline } from '#schema/pipeline';

function differenceText(d: Difference): string {
  switch (d.what) {
    case 'devices':
      return `${d.counts[0]} devices against ${d.counts[1]}`;
    case 'microbatches':
      return `${d.counts[0]} microbatches against ${d.counts[1]}: the batch, or how it is cut, is another one`;
    case 'compute':
      return `the devices compute ${ms(d.compute_ms[0])} an iteration against ${ms(d.compute_ms[1])}: other work, or other clocks, beside the schedule`;
    case 'hand-off size':
      return `hand-offs of ${bytes(d.bytes[0])} against ${bytes(d.bytes[1])}`;
    case 'hand-off rate':
      return `hand-offs at ${gbps(d.gbps[0])} against ${gbps(d.gbps[1])}`;
    case 'staging':
      return `hand-offs go through the host in the ${d.where} alone`;
    case 'host-bound':
      return `launches came too late for ${percent(d.shares[0])} and ${percent(d.shares[1])} of the devices' time, longer than the two differ by in theory: this compares hosts, not schedules`;
    case 'single iteration':
      return 'a single iteration on one side: no interval can be given';
  }
}

/** Compared schedules as the report shows them: what else differs, in words. */
export const wordComparison = (compared: readonly ComparedSchedules[]): Pipeline['comparison'] =>
  compared.map(c => ({ ...c, differences: c.differences.map(differenceText) }));
