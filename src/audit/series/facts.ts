import { group } from 'd3-array';
import { machineNamed } from '#audit/machines';
import type { Statement } from '#audit/statement';
import type { FactRow } from '#schema/relation';
import { type Teller, tellerOf } from './frame.ts';
import { tellSum } from './parts.ts';

/** Names since driver 530, and before it. What of these holds for a GPU's module is another thing, under other names. */
const POWER = ['gpu_power_readings.average_power_draw', 'power_readings.average_power_draw', 'power_readings.power_draw'];
const DRAWS = [...POWER, 'gpu_power_readings.instant_power_draw'];
const LIMIT = ['gpu_power_readings.current_power_limit', 'power_readings.current_power_limit', 'power_readings.enforced_power_limit'];
const MOST = ['gpu_power_readings.max_power_limit', 'power_readings.max_power_limit'];
const LINK = 'pci.pci_gpu_link_info';
/**
 * An idle link sleeps in a lower generation, and the slot of a virtual machine may be an old one in name only: what the link can do is the
 * greatest that is named.
 */
const GENERATIONS = ['max_link_gen', 'current_link_gen', 'max_device_link_gen', 'device_current_link_gen'].map(
  name => `${LINK}.pcie_gen.${name}`,
);
const WIDTHS = ['max_link_width', 'current_link_width'].map(name => `${LINK}.link_widths.${name}`);
const KB_PER_GB = 1e6;
/** Whole MiB: each of four numbers is off by a half at most (total, reserved, used and free of real files differ by one). */
const MEMORY_DOUBT_MIB = 2;
const WHOLE_PCT = 100;

/** A number of a GPU, by its name and unit. */
type Numbers = (name: string, unit: string) => number | null;

const numbersOf =
  (facts: readonly FactRow[]): Numbers =>
  (name, unit) => {
    const found = facts.find(f => f.name === name && f.unit === unit)?.value;
    return typeof found === 'number' ? found : null;
  };
const firstOf = (names: readonly string[], value: (name: string) => number | null): number | null =>
  names.map(value).find(v => v !== null) ?? null;
const greatest = (names: readonly string[], value: (name: string) => number | null): number | null => {
  const there = names.map(value).filter(v => v !== null);
  return there.length === 0 ? null : Math.max(...there);
};

function tellMemory(teller: Teller, number: Numbers): void {
  for (const [of, path] of [
    ['memory', 'fb_memory_usage'],
    ['BAR1 memory', 'bar1_memory_usage'],
  ] as const) {
    const total = number(`${path}.total`, 'MiB');
    if (total === null) continue;
    const parts = (['used', 'free', 'reserved'] as const).flatMap(part => {
      const value = number(`${path}.${part}`, 'MiB');
      return value === null ? [] : [[part, value] as const];
    });
    tellSum(teller, { of, parts, whole: ['total', total], unit: 'MiB', doubt: MEMORY_DOUBT_MIB, rule: 'at most', path });
  }
}

function tellLink({ tell }: Teller, number: Numbers): void {
  tell(
    'pcie_generation',
    greatest(GENERATIONS, name => number(name, '')),
    `${LINK}.pcie_gen`,
  );
  tell(
    'pcie_width',
    greatest(WIDTHS, name => number(name, 'x')),
    `${LINK}.link_widths`,
  );
  for (const [of, name] of [
    ['sent', 'pci.tx_util'],
    ['received', 'pci.rx_util'],
  ] as const) {
    const rate = number(name, 'KB/s');
    tell('pcie_gb_per_s', rate === null ? null : rate / KB_PER_GB, name, { of, text: `${rate} KB/s` });
  }
}

/** An idle GPU: nothing computes, and nothing holds memory that keeps its clocks up. */
const isIdle = (number: Numbers): boolean =>
  number('utilization.gpu_util', '%') === 0 && number('fb_memory_usage.used', 'MiB') === 0 && number('utilization.memory_util', '%') === 0;

/** What the state of a machine says of each GPU. Links and topologies, error counts and disks say nothing that could contradict. */
export function statementsOfFacts(rows: readonly FactRow[], file: string): Statement[] {
  return [...group(rows, r => r.entity)].flatMap(([entity, facts]) => {
    const gpu = /^GPU (\d+)$/.exec(entity)?.[1];
    if (gpu === undefined) return [];
    const teller = tellerOf(file, [entity], entity);
    const { tell, statements } = teller;
    const number = numbersOf(facts);
    const told = facts.find(f => f.name === 'product_name')?.value;
    const name = typeof told === 'string' ? told : '';
    const model = machineNamed(name)?.model ?? '';
    const watts = (fact: string) => number(fact, 'W');
    tell('gpus', 1, 'product_name', { of: model, text: entity });
    if (name !== '') {
      tell('gpu_number', Number(gpu), 'product_name', { of: name });
      tell('power_limit_max_w', firstOf(MOST, watts), 'max_power_limit', { of: name });
      tell('gpu_memory_total_mib', number('fb_memory_usage.total', 'MiB'), 'fb_memory_usage.total', { of: name });
    }
    tell('power_mean_w', firstOf(POWER, watts), 'average_power_draw', { of: entity });
    tell('power_limit_w', firstOf(LIMIT, watts), 'current_power_limit', { of: entity });
    // The average of a second ago may still be that of a load: the lesser of the readings is idle.
    const draws = DRAWS.flatMap(draw => watts(draw) ?? []);
    if (draws.length > 0 && isIdle(number)) tell('power_idle_w', Math.min(...draws), 'power draw at 0 %', { of: model });
    tellMemory(teller, number);
    tellLink(teller, number);
    for (const { name: share, value, unit } of facts)
      if (/^utilization\.\w+_util$/.test(share) && typeof value === 'number' && unit === '%')
        tellSum(teller, {
          of: share,
          parts: [['it is', value]],
          whole: ['all of the time,', WHOLE_PCT],
          unit,
          doubt: 0,
          rule: 'at most',
          path: share,
        });
    return statements;
  });
}
