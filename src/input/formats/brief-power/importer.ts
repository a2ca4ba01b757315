// Format: metrics of tools/power_monitor.py (https://github.com/cfregly/ai-performance-engineering), --output-json. One summary a file.

import { z } from 'zod';
import { significant } from '#core/math/round';
import { summarySeries, UNTOLD } from '#input/series/summary-series';
import { smallJson } from '#input/text/json-document';
import { validate } from '#input/text/validate';
import type { RunSummary, SummarySeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'brief-power';
const HINT = 'Give the file as power_monitor.py --output-json wrote it.';
const Watts = z.number().nonnegative();
const Span = z.object({ min_watts: Watts, max_watts: Watts, avg_watts: Watts });
const Metrics = z.object({
  command: z.array(z.string()).default([]),
  samples: z.int().nonnegative(),
  duration: z.number().nonnegative(),
  total_power: Span,
  energy_joules: z.number().nonnegative(),
  per_device: z.array(Span.extend({ gpu_index: z.int().nonnegative() })).default([]),
});
type Metrics = z.infer<typeof Metrics>;
/** Less than this share of the time asked for was not the run that was asked for. */
const MOST_OF_IT = 0.9;

export default defineImporter({
  id: ID,
  kind: 'summary',
  title: 'power_monitor.py (JSON)',
  extensions: ['.json'],
  sniff: head => ['"total_power"', '"energy_joules"', '"avg_watts"'].every(key => head.includes(key)),
  parse: (text, source): SummarySeries => {
    const metrics = validate(Metrics, smallJson(text, source, HINT), { source }, HINT);
    return summarySeries({ format: ID, rows: [rowOf(metrics)], limits: limitsOf(metrics), warnings: warningsOf(metrics) });
  },
});

const isGiven = (command: readonly string[], name: string): boolean => command.some(word => word === name || word.startsWith(`${name}=`));
/** A number that the command under the monitor was given, as in --duration 120 or --duration=120. */
const optionOf = (command: readonly string[], name: string): number | null => {
  const at = command.findIndex(word => word === name || word.startsWith(`${name}=`));
  const text = command[at]?.includes('=') ? command[at]?.slice(name.length + 1) : command[at + 1];
  return at >= 0 && text !== undefined && /^\d{1,12}(?:\.\d{1,9})?$/.test(text) ? Number(text) : null;
};

const rowOf = ({ command, samples, duration, total_power, energy_joules, per_device }: Metrics): RunSummary => {
  const gpus = per_device.length;
  // Without a sample the script writes zeros for powers that nobody read.
  const read = (watts: number) => (samples === 0 ? null : watts);
  return {
    ...UNTOLD,
    requested_rate: optionOf(command, '--target-qps'),
    gpus: gpus === 0 ? null : gpus,
    power: {
      entity: gpus === 0 ? 'GPUs' : gpus === 1 ? '1 GPU' : `${gpus} GPUs`,
      mean_w: read(total_power.avg_watts),
      min_w: read(total_power.min_watts),
      max_w: read(total_power.max_watts),
      // Between two samples at least: one alone has no duration.
      energy_j: samples < 2 ? null : energy_joules,
      tokens_per_joule: null,
      samples,
      sampled_s: duration,
      requested_s: optionOf(command, '--duration'),
    },
  };
};

const limitsOf = ({ samples, per_device }: Metrics): string[] => [
  'A summary without times: power cannot be laid over requests or a trace.',
  'The monitor samples from the start of the command to its end, so loading, compiling and idling are in mean and energy, not the load alone.',
  'Power is that of NVML, on most GPUs an average over a second. The mean is of samples, the energy a sum of each sample times the time to the next.',
  ...(per_device.length === 0 ? [] : ['Power is of the GPUs alone, not of the machine.']),
  ...(samples < 2 ? ['There are fewer than two samples, so no energy is known.'] : []),
];

const warningsOf = ({ command, duration }: Metrics): string[] => {
  const asked = optionOf(command, '--duration');
  const odd = ['--duration', '--target-qps'].filter(name => isGiven(command, name) && optionOf(command, name) === null);
  if (odd.length > 0) return [`The command was given ${odd.join(' and ')}, and not as a number.`];
  return asked === null || duration >= MOST_OF_IT * asked
    ? []
    : [`Power was sampled for ${significant(duration, 3)} s, though the command was asked to run for ${asked} s: it ended early.`];
};
