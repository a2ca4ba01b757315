import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import dcgmExporter from './importer.ts';

/** The layout of two scrapes with invented values. */
const SAMPLE = readFileSync(new URL('sample.prom', import.meta.url), 'utf8');
const parse = (text: string) => dcgmExporter.parse(text, 'd.prom');
const told = (text: string) =>
  parse(text).rows.map(row => `${row.t_ms} ${row.entity}: ${row.metric} ${row.value} ${row.unit} ${row.nature}`);
const untimed = (text: string) => text.replaceAll(/^# 2026.*\n/gm, '');

describe('values', () => {
  test('units come from HELP, counters from TYPE, energy is in joules', () => {
    expect(told(SAMPLE)).toEqual([
      '0 GPU 0: DCGM_FI_DEV_SM_CLOCK 1755 MHz gauge',
      '0 GPU 1: DCGM_FI_DEV_SM_CLOCK 1710 MHz gauge',
      '0 GPU 0: energy 207000.123 J counter',
      '0 GPU 0: DCGM_FI_DEV_POWER_VIOLATION 5000000000 ns counter',
      '30000 GPU 0: DCGM_FI_DEV_SM_CLOCK 1695 MHz gauge',
      '30000 GPU 0: energy 225000.123 J counter',
      '30000 GPU 0: DCGM_FI_DEV_POWER_VIOLATION 8000000000 ns counter',
    ]);
    expect(parse(SAMPLE)).toMatchObject({ kind: 'samples', clock: { kind: 'epoch', uncertainty_ms: 1 }, warnings: [] });
    expect(JSON.stringify(parse(SAMPLE).rows)).not.toMatch(/machine|GPU-0000/);
  });

  test('times in the lines themselves win', () => {
    const text = 'DCGM_FI_DEV_GPU_TEMP{gpu="3",GPU_I_ID="2"} 61 1795312106337\n';
    expect(told(text)).toEqual(['0 GPU 3 MIG 2: DCGM_FI_DEV_GPU_TEMP 61 C gauge']);
    expect(parse(text).origin_ns).toBe(1795312106337000000n);
  });

  test('one scrape without a time is relative; several cannot be told apart', () => {
    const one = untimed(SAMPLE.slice(0, SAMPLE.indexOf('# 2026-11-22T01:48:56')));
    expect(parse(one)).toMatchObject({ clock: { kind: 'relative' } });
    expect(parse(one).limits[0]).toContain('does not say when it was written');
    expect(() => parse(untimed(SAMPLE))).toThrow('the file holds several scrapes, and no times to tell them apart');
  });

  test("DCGM's numbers for what is not known are missing", () => {
    const values = ['140737488355328', '9223372036854775794', '+Inf', '7'];
    const text = values.map((value, i) => `DCGM_FI_DEV_GPU_TEMP{gpu="${i}"} ${value}\n`).join('');
    expect(told(text)).toEqual(['0 GPU 3: DCGM_FI_DEV_GPU_TEMP 7 C gauge']);
  });
});

describe('whose a sample is', () => {
  const at = (labels: string, value: number, metric = 'DCGM_FI_DEV_POWER_USAGE') => `${metric}{${labels}} ${value} 1795312106337\n`;
  test('one number of two machines is two GPUs, and neither machine is named', () => {
    const series = parse(at('gpu="0",UUID="GPU-aaaa",Hostname="n1"', 400) + at('gpu="0",UUID="GPU-bbbb",Hostname="n2"', 300));
    expect(series.rows.map(r => [r.entity, r.value])).toEqual([
      ['GPU 0', 400],
      ['GPU 0 of machine 2', 300],
    ]);
    expect([...series.cards.values()].map(c => c.uuid)).toEqual(['aaaa', 'bbbb']);
  });
  test('power of MIG instances is that of their card, once', () => {
    const mig = (id: number) => at(`gpu="0",UUID="GPU-aaaa",GPU_I_ID="${id}"`, 420);
    const series = parse(mig(7) + mig(8) + at('gpu="0",UUID="GPU-aaaa",GPU_I_ID="7"', 9, 'DCGM_FI_DEV_FB_USED'));
    expect(series.rows.map(r => [r.entity, r.value])).toEqual([
      ['GPU 0', 420],
      ['GPU 0 MIG 7', 9],
    ]);
    expect(series.warnings).toEqual([]);
    expect(series.limits.join()).toContain('Each MIG instance repeats the power and the energy of its card');
  });
  test('power is a mean over a second, but on GPUs that are known to tell the moment', () => {
    const window = (model: string) => parse(at(`gpu="0",modelName="${model}"`, 1)).cards.get('GPU 0')?.power_window_s;
    expect(['NVIDIA H100 80GB HBM3', 'NVIDIA A100-SXM4-80GB', 'Tesla V100-SXM2-16GB'].map(window)).toEqual([1, 0, 0]);
  });
});

describe('violation counters', () => {
  const inMicroseconds = SAMPLE.replaceAll('(in ns)', '(in us)');
  test('microseconds that claim more than all of the time are nanoseconds', () => {
    const series = parse(inMicroseconds);
    expect(series.rows.filter(row => row.metric.endsWith('_VIOLATION')).map(row => row.unit)).toEqual(['ns', 'ns']);
    expect(series.warnings.join()).toContain('claims more time than passed');
  });
  test('where they fit they are left, and nanoseconds are never sure', () => {
    const fitting = inMicroseconds.replace('8000000000', '5003000000');
    expect(
      parse(fitting)
        .rows.filter(row => row.metric.endsWith('_VIOLATION'))
        .map(row => row.unit),
    ).toEqual(['us', 'us']);
    expect(parse(SAMPLE).limits.join()).toContain('some documents say microseconds');
  });
});

test("the exporter's list of counters is a configuration, not data", () => {
  const list = '# Format\n# DCGM FIELD, Prometheus metric type, help message\nDCGM_FI_DEV_SM_CLOCK,  gauge, SM clock frequency (in MHz).\n';
  expect(dcgmExporter.sniff(list)).toBe(true);
  expect(() => parse(list)).toThrow('d.prom is a list of the counters that dcgm-exporter is to read, a configuration: it holds no data.');
});

test('what is no sample is refused', () => expect(() => parse('DCGM_FI_DEV_GPU_TEMP{gpu="0"} warm\n')).toThrow('line 1'));
