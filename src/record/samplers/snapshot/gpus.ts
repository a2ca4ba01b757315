import type { SystemGpu } from '#schema/system';
import { askSmi, refusedField, smiFailure } from '../nvidia-smi.ts';

/** What is asked of each GPU, by what we call it. No uuid and no serial number: they name the machine. */
const FIELDS = {
  index: 'index',
  name: 'name',
  memory_total_mib: 'memory.total',
  power_limit_w: 'power.limit',
  power_limit_max_w: 'power.max_limit',
  sm_clock_max_mhz: 'clocks.max.sm',
  mem_clock_max_mhz: 'clocks.max.memory',
  persistence_mode: 'persistence_mode',
  mig_mode: 'mig.mode.current',
  ecc_mode: 'ecc.mode.current',
  compute_mode: 'compute_mode',
  pcie_gen_max: 'pcie.link.gen.max',
  pcie_width_max: 'pcie.link.width.max',
  fabric_state: 'fabric.state',
  driver_version: 'driver_version',
} as const;
type Field = keyof typeof FIELDS;

interface Gpus {
  readonly gpus: SystemGpu[];
  readonly driver: string | null;
}

const MISSING = /^(?:|-|\[.*\]|N\/A|Requested functionality has been deprecated)$/i;

/** Reads `--format=csv,noheader,nounits`; a name may hold a comma, so what is too much is its. */
export function gpusIn(csv: string, fields: readonly Field[]): Gpus {
  let driver: string | null = null;
  const gpus = csv.split('\n').flatMap((line): SystemGpu[] => {
    const cells = line.split(',').map(cell => cell.trim());
    const at = fields.indexOf('name');
    const extra = cells.length - fields.length;
    if (extra < 0) return [];
    if (extra > 0 && at >= 0) cells.splice(at, extra + 1, cells.slice(at, at + extra + 1).join(', '));
    const text = (field: Field): string | null => {
      const cell = cells[fields.indexOf(field)] ?? '';
      return MISSING.test(cell) ? null : cell;
    };
    const number = (field: Field): number | null => {
      const value = text(field);
      return value !== null && /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : null;
    };
    const index = number('index');
    if (index === null) return [];
    driver ??= text('driver_version');
    return [
      {
        index,
        name: text('name'),
        memory_total_mib: number('memory_total_mib'),
        power_limit_w: number('power_limit_w'),
        power_limit_max_w: number('power_limit_max_w'),
        sm_clock_max_mhz: number('sm_clock_max_mhz'),
        mem_clock_max_mhz: number('mem_clock_max_mhz'),
        persistence_mode: text('persistence_mode'),
        mig_mode: text('mig_mode'),
        ecc_mode: text('ecc_mode'),
        compute_mode: text('compute_mode'),
        pcie_gen_max: number('pcie_gen_max'),
        pcie_width_max: number('pcie_width_max'),
        fabric_state: text('fabric_state'),
      },
    ];
  });
  return { gpus, driver };
}

/** Asks for the GPUs; a field that the driver refuses is left out, and is null. */
export async function askGpus(env: NodeJS.ProcessEnv): Promise<Gpus | { readonly why: string }> {
  let fields = Object.keys(FIELDS) as Field[];
  for (;;) {
    const query = `--query-gpu=${fields.map(field => FIELDS[field]).join(',')}`;
    const answer = await askSmi([query, '--format=csv,noheader,nounits'], env);
    const refused = refusedField(answer.stdout + answer.stderr);
    const rest = fields.filter(field => FIELDS[field] !== refused);
    if (refused === undefined || rest.length === fields.length) {
      const why = smiFailure(answer);
      return why === undefined ? gpusIn(answer.stdout, fields) : { why };
    }
    fields = rest;
  }
}
