/** One reading of one GPU. A value that the driver does not tell is null. */
export interface GpuReading {
  /** As the machine's own clock says, UTC: "10:45:01". */
  readonly time: string;
  readonly gpu: number;
  readonly name: string | null;
  readonly utilizationPct: number | null;
  readonly memoryUsedMib: number | null;
  readonly memoryTotalMib: number | null;
}

/** The name stands last: it may hold a comma. Every driver of the last ten years knows these fields. */
const FIELDS = ['timestamp', 'index', 'utilization.gpu', 'memory.used', 'memory.total', 'name'] as const;
export const READING_QUERY = [`--query-gpu=${FIELDS.join(',')}`, '--format=csv,noheader,nounits'];

const number = (cell: string | undefined): number | null => (cell !== undefined && /^\d+(?:\.\d+)?$/.test(cell) ? Number(cell) : null);

/** Reads what nvidia-smi answers to READING_QUERY; lines that are none are left out. */
export const readingsIn = (csv: string): GpuReading[] =>
  csv.split('\n').flatMap(line => {
    const [stamp = '', index, utilization, used, total, ...name] = line.split(',').map(cell => cell.trim());
    const gpu = number(index);
    const [, time] = /^\d{4}\/\d\d\/\d\d (\d\d:\d\d:\d\d)/.exec(stamp) ?? [];
    if (gpu === null || time === undefined) return [];
    const called = name.join(', ');
    return [
      {
        ...{ time, gpu, name: called === '' || called.startsWith('[') ? null : called },
        ...{ utilizationPct: number(utilization), memoryUsedMib: number(used), memoryTotalMib: number(total) },
      },
    ];
  });

/** Readings of all GPUs at a time: a new one begins where a GPU comes again. */
export function inRounds(readings: readonly GpuReading[]): GpuReading[][] {
  const rounds: GpuReading[][] = [];
  for (const reading of readings) {
    const last = rounds.at(-1);
    if (last === undefined || last.some(r => r.gpu === reading.gpu)) rounds.push([reading]);
    else last.push(reading);
  }
  return rounds;
}
