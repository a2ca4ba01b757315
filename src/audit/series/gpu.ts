import { machineNamed } from '#audit/machines';
import type { Statement } from '#audit/statement';
import type { GpuSampleRow } from '#schema/relation';
import { tellerOf } from './frame.ts';
import { tellSum } from './parts.ts';

const WHOLE_PCT = 100;

/** The numbers of one field of one GPU; null for none. */
class Figures {
  #sum = 0;
  #count = 0;
  least: number | null = null;
  greatest: number | null = null;

  add(value: number | null): void {
    if (value === null) return;
    this.#sum += value;
    this.#count += 1;
    this.least = Math.min(this.least ?? value, value);
    this.greatest = Math.max(this.greatest ?? value, value);
  }

  get mean(): number | null {
    return this.#count === 0 ? null : this.#sum / this.#count;
  }
}

const FIELDS = ['power_w', 'power_limit_w', 'memory_used_mib', 'utilization_pct'] as const satisfies readonly (keyof GpuSampleRow)[];

const noFigures = () => ({
  name: '',
  power_w: new Figures(),
  power_limit_w: new Figures(),
  memory_used_mib: new Figures(),
  utilization_pct: new Figures(),
});

/** Of each GPU, in the order in which they come. There may be tens of millions of rows: each is looked at and forgotten. */
function figuresOf(rows: Iterable<GpuSampleRow>) {
  const gpus = new Map<number, ReturnType<typeof noFigures>>();
  for (const row of rows) {
    const own = gpus.get(row.gpu) ?? noFigures();
    gpus.set(row.gpu, own);
    own.name ||= row.name ?? '';
    for (const field of FIELDS) own[field].add(row[field]);
  }
  return [...gpus];
}

/** What each GPU drew on average, its limit, and the most of its time and memory that was in use. */
export function statementsOfGpus(rows: Iterable<GpuSampleRow>, file: string): Statement[] {
  return figuresOf(rows).flatMap(([gpu, { name, power_w, power_limit_w, memory_used_mib, utilization_pct }]) => {
    const of = `GPU ${gpu}`;
    const teller = tellerOf(file, [of], of);
    const { tell, statements } = teller;
    tell('gpus', 1, 'name', { of: machineNamed(name)?.model ?? '', text: of });
    if (name !== '') tell('gpu_number', gpu, 'name', { of: name });
    tell('power_mean_w', power_w.mean, 'mean of power', { of });
    tell('power_min_w', power_w.least, 'least power', { of });
    tell('power_max_w', power_w.greatest, 'greatest power', { of });
    tell('power_limit_w', power_limit_w.greatest, 'power limit', { of });
    tell('gpu_memory_used_mib', memory_used_mib.greatest, 'most memory used');
    const busy = utilization_pct.greatest;
    if (busy !== null)
      tellSum(teller, {
        of: 'utilization',
        parts: [['the greatest of', busy]],
        whole: ['all of the time,', WHOLE_PCT],
        unit: '%',
        doubt: 0,
        rule: 'at most',
        path: 'greatest utilization',
      });
    return statements;
  });
}
