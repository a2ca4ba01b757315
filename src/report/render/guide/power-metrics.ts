import type { Energy, EnergyRuns, MeteredPower } from '#schema/energy';

interface Span {
  readonly min_watts: number;
  readonly max_watts: number;
  readonly avg_watts: number;
}
/** power_metrics.json of the load-testing guide, by the names of its text and of tools/power_monitor.py. */
interface PowerMetrics {
  readonly written_by: 'forensics';
  readonly avg_watts: number;
  readonly max_watts: number;
  readonly energy_joules: number;
  readonly samples: number;
  readonly duration: number;
  readonly total_power: Span;
  readonly per_device: readonly (Span & { readonly gpu_index: number })[];
}

const GPU = /^GPU (\d+)$/;
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function devices(accounts: readonly Energy[]): PowerMetrics['per_device'] {
  const meters = accounts.flatMap(({ metered }) => metered.filter(m => m.level === 'gpu' && m.in_use));
  const numbers = [...new Set(meters.flatMap(m => GPU.exec(m.entity)?.[1] ?? []).map(Number))].sort((a, b) => a - b);
  return numbers.map(gpu_index => {
    const own = meters.filter(m => m.entity === `GPU ${gpu_index}`);
    const known = (of: (m: MeteredPower) => number | null) => own.map(of).filter(value => value !== null);
    const covered_s = sum(own.map(m => m.covered_s));
    return {
      gpu_index,
      min_watts: Math.min(...known(m => m.min_w)),
      max_watts: Math.max(...known(m => m.max_w)),
      avg_watts: sum(own.map(m => (m.mean_w ?? 0) * m.covered_s)) / covered_s,
    };
  });
}

/**
 * The power of the measured windows of all loads together.
 * @param highest_w the highest power of all GPUs at once
 * @returns undefined where no GPU was metered: zeros would be read as a machine without power
 */
export function powerMetrics({ runs }: EnergyRuns, highest_w: number | undefined): PowerMetrics | undefined {
  const accounts = runs.flatMap(({ energy }) => (energy === null ? [] : [energy]));
  const totals = accounts.flatMap(account => {
    const total = account.totals.find(t => t.level === 'gpu');
    return total === undefined ? [] : [{ account, total }];
  });
  if (totals.length === 0) return undefined;
  const energy_joules = sum(totals.map(({ total }) => total.energy_j));
  const duration = sum(totals.map(({ account }) => account.window.length_s));
  const per_device = devices(totals.map(({ account }) => account));
  const avg_watts = sum(totals.map(({ account, total }) => total.mean_w * account.window.length_s)) / duration;
  const max_watts = highest_w ?? sum(per_device.map(d => d.max_watts));
  const min_watts = sum(per_device.map(d => d.min_watts));
  const samples = Math.max(...totals.map(({ account }) => Math.max(...account.metered.map(m => m.readings))));
  const total_power = { min_watts, max_watts, avg_watts };
  return { written_by: 'forensics', avg_watts, max_watts, energy_joules, samples, duration, total_power, per_device };
}
