import { group, max, mean } from 'd3-array';
import type { Statement } from '#audit/statement';
import type { SampleRow } from '#schema/relation';
import { tellerOf } from './frame.ts';
import { tellSum } from './parts.ts';

const PREFIX = 'DCGM_FI_';
/** Rates of the profiling fields, in bytes a second; older exporters declared them as counters, whose unit nobody knows. */
const PCIE = { PROF_PCIE_TX_BYTES: 'sent', PROF_PCIE_RX_BYTES: 'received' } as const;
/** An idle link sleeps in a lower generation: what it can do is the greatest that is named. */
const GENERATIONS = ['DEV_PCIE_MAX_LINK_GEN', 'DEV_PCIE_LINK_GEN'];
const WIDTHS = ['DEV_PCIE_MAX_LINK_WIDTH', 'DEV_PCIE_LINK_WIDTH'];
/** Shares of the time: in percent, and as fractions of one. */
const PERCENT = /^DEV_(?:GPU|MEM_COPY|ENC|DEC)_UTIL$/;
const FRACTION = /^PROF_(?:\w+_ACTIVE|SM_OCCUPANCY)$/;
const SHARES = [
  { name: PERCENT, unit: '%', whole: 100, doubt: 0 },
  // Hardware counts cycles, and a clock of its own divides them: a few percent above one are noise.
  { name: FRACTION, unit: '', whole: 1, doubt: 0.05 },
];
const BYTES_PER_GB = 1e9;

const WALL = 'wall';
const CHANNEL = /^wall channel \d+$/;
/** Meters round each channel for itself. */
const CHANNELS_DOUBT = 0.005;

/** A power meter says what each of its channels drew, and all of them together. */
function statementsOfMeter(rows: readonly SampleRow[], file: string): Statement[] {
  const power = group(
    rows.filter(r => r.metric === 'power' && r.unit === 'W' && (r.entity === WALL || CHANNEL.test(r.entity))),
    r => r.entity,
  );
  const total = power.get(WALL) ?? [];
  const means = [...power].map(([entity, own]) => [entity, mean(own, r => r.value) ?? 0] as const);
  const [whole] = means.filter(([entity]) => entity === WALL);
  const teller = tellerOf(file, [WALL], WALL);
  // A channel that was read less often is not that of all the time.
  if (whole !== undefined && [...power.values()].every(own => own.length === total.length))
    tellSum(teller, {
      of: 'mean power',
      parts: means.filter(([entity]) => entity !== WALL),
      whole: ['the total of', whole[1]],
      unit: 'W',
      doubt: CHANNELS_DOUBT * whole[1],
      rule: 'equal',
      path: 'power of the channels',
    });
  return teller.statements;
}

/** What a meter says of its channels, and an exporter of DCGM of each GPU. Other samples have no bound that is known. */
export const statementsOfSamples = (rows: readonly SampleRow[], file: string): Statement[] => [
  ...statementsOfMeter(rows, file),
  ...statementsOfExporter(rows, file),
];

/** The link of each GPU, and shares of its time. */
function statementsOfExporter(rows: readonly SampleRow[], file: string): Statement[] {
  const gauges = rows.filter(r => /^GPU \d+$/.test(r.entity) && r.nature === 'gauge' && r.metric.startsWith(PREFIX));
  return [...group(gauges, r => r.entity)].flatMap(([entity, own]) => {
    const teller = tellerOf(file, [entity], entity);
    const { tell, statements } = teller;
    const most = (names: readonly string[], unit: string) =>
      max(
        own.filter(r => names.some(name => r.metric === PREFIX + name) && r.unit === unit),
        r => r.value,
      ) ?? null;
    tell('pcie_generation', most(GENERATIONS, ''), 'PCIE_LINK_GEN');
    tell('pcie_width', most(WIDTHS, ''), 'PCIE_LINK_WIDTH');
    for (const [name, of] of Object.entries(PCIE)) {
      const rate = most([name], 'B/s');
      tell('pcie_gb_per_s', rate === null ? null : rate / BYTES_PER_GB, PREFIX + name, { of, text: `${rate} B/s` });
    }
    for (const [metric, readings] of group(own, r => r.metric)) {
      const share = SHARES.find(s => s.name.test(metric.slice(PREFIX.length)));
      const value = max(
        readings.filter(r => r.unit === share?.unit),
        r => r.value,
      );
      if (share === undefined || value === undefined) continue;
      const { unit, whole, doubt } = share;
      tellSum(teller, {
        of: metric,
        parts: [['the greatest is', value]],
        whole: ['all of the time,', whole],
        unit,
        doubt,
        rule: 'at most',
        path: metric,
      });
    }
    return statements;
  });
}
