import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ForensicsError } from '#core/errors';
import nvidiaSmiCsv from './importer.ts';

const SAMPLE = readFileSync(new URL('sample.csv', import.meta.url), 'utf8');
const parse = (text: string) => {
  const series = nvidiaSmiCsv.parse(text, 'g.csv');
  return { ...series, rows: [...series.rows] };
};
const at = (ms: number) => `2026/11/22 01:42:${56 + Math.floor(ms / 1000)}.${String(ms % 1000).padStart(3, '0')}`;

/** A file with one line of values, 100 ms after the last, for each further argument. */
const file = (columns: string, ...values: string[]): string =>
  `timestamp, index, ${columns}\n${values.map((value, i) => `${at(i * 100)}, 0, ${value}\n`).join('')}`;

const refusal = (text: string): ForensicsError => {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof ForensicsError) return error;
    throw error;
  }
  throw new Error('it was accepted');
};

describe('values', () => {
  test('the sample is read exactly', () => {
    const series = parse(SAMPLE);
    expect(series).toMatchObject({
      kind: 'gpu',
      format: 'nvidia-smi-csv',
      clock: { kind: 'zoneless', uncertainty_ms: 50.5 },
      warnings: [],
    });
    expect(series.origin_ns).toBe(BigInt(Date.UTC(2026, 10, 22, 1, 48, 26, 337)) * 1_000_000n);
    expect(series.rows).toHaveLength(13);
    expect(series.rows[1]).toEqual({
      t_ms: 1,
      gpu: 1,
      name: 'NVIDIA H200',
      power_w: 77.96,
      power_limit_w: 700,
      sm_clock_mhz: 345,
      mem_clock_mhz: 3201,
      temperature_c: 36,
      utilization_pct: 0,
      memory_used_mib: 4,
      event_reasons: 1,
    });
    expect(series.limits).toEqual([expect.stringContaining('no zone'), expect.stringContaining('every 101 ms')]);
  });

  test.each([
    ['power.draw [W]', '412.34 W', 'power_w', 412.34],
    ['power.draw [W]', '412.34', 'power_w', 412.34],
    ['power.draw', '412.34', 'power_w', 412.34],
    ['power.draw [W]', '0.41 kW', 'power_w', 410],
    ['power.draw [mW]', '412340', 'power_w', 412.34],
    ['enforced.power.limit [W]', '650.00 W', 'power_limit_w', 650],
    ['clocks.sm [MHz]', '1410 MHz', 'sm_clock_mhz', 1410],
    ['clocks.current.sm [MHz]', '1.41 GHz', 'sm_clock_mhz', 1410],
    ['clocks.gr [MHz]', '1980', 'sm_clock_mhz', 1980],
    ['clocks.mem [MHz]', '3201 MHz', 'mem_clock_mhz', 3201],
    ['temperature.gpu', '-3', 'temperature_c', -3],
    ['utilization.gpu [%]', '70 %', 'utilization_pct', 70],
    ['memory.used [MiB]', '2 GiB', 'memory_used_mib', 2048],
    ['memory.used [MiB]', '1048.576 kB', 'memory_used_mib', 1],
    ['clocks_event_reasons.active', '0x0000000000000044', 'event_reasons', 0x44],
    ['clocks_throttle_reasons.active', '0x4', 'event_reasons', 4],
    ['clocks_event_reasons.active', '0x0000000100000008', 'event_reasons', 2 ** 32 + 8],
    ['CLOCKS.SM [MHz]', '1410 MHz', 'sm_clock_mhz', 1410],
  ] as const)('%s of %s', (column, cell, field, value) => {
    expect(parse(file(column, cell)).rows[0]?.[field]).toBe(value);
  });

  test('the sharper power and the nearer clock win, in any order of columns', () => {
    const text = file(
      'power.draw.average [W], power.draw [W], power.draw.instant [W], clocks.gr [MHz], clocks.sm [MHz]',
      '1 W, 2 W, 3 W, 4 MHz, 5 MHz',
    );
    expect(parse(text).rows[0]).toMatchObject({ power_w: 3, sm_clock_mhz: 5 });
    const fallback = parse(file('power.draw.average [W], power.draw.instant [W]', '1 W, [N/A]', '1 W, [N/A]'));
    expect(fallback.rows[0]?.power_w).toBe(1);
    expect(fallback.warnings).toEqual([
      '2 lines, the first of them line 2: power.draw.instant is missing; power.draw.average was taken instead.',
    ]);
    expect(parse(file('power.draw [W]', '1 W')).limits.join()).toContain('Power is power.draw, on most GPUs an average over a second');
  });

  test.each([
    '[N/A]',
    'N/A',
    '[Not Supported]',
    '[Unknown Error]',
    'Requested functionality has been deprecated',
    '-',
    '',
    '[GPU requires reset]',
  ])('a value of %j is missing and counted', missing => {
    const series = parse(file('clocks.sm [MHz], power.draw [W], clocks_event_reasons.active', '5, 7, 0x1', `5, ${missing}, ${missing}`));
    expect(series.rows[1]).toMatchObject({ sm_clock_mhz: 5, power_w: null, event_reasons: null });
    expect(series.warnings).toEqual(['power_w is missing in 1 of 2 samples.', 'event_reasons is missing in 1 of 2 samples.']);
  });

  test('a value that is never there is a limit, not a warning', () => {
    const series = parse(file('power.draw [W], clocks.sm [MHz]', '[N/A], 5 MHz', '[N/A], 5 MHz'));
    expect(series.warnings).toEqual([]);
    expect(series.limits.join()).toContain('Not recorded, or not given by this GPU: power_w (power.draw.instant), power_limit_w');
  });

  test('single reasons become bits, and reasons not asked for are named', () => {
    const series = parse(
      file(
        'clocks_event_reasons.sw_power_cap, clocks_throttle_reasons.hw_thermal_slowdown',
        'Active, Active',
        'Not Active, Active',
        'Not Active, Not Active',
        '[N/A], N/A',
      ),
    );
    expect(series.rows.map(row => row.event_reasons)).toEqual([0x44, 0x40, 0, null]);
    expect(series.limits.join()).toContain('cannot be seen: gpu_idle, applications_clocks_setting, hw_slowdown,');
  });

  test('counters of reasons are not taken for reasons', () => {
    expect(parse(file('clocks.sm [MHz], clocks_event_reasons_counters.sw_power_cap [us]', '5, 99 us')).rows[0]?.event_reasons).toBeNull();
  });
});

describe('refusals', () => {
  test('no timestamp: the option to add is named', () => {
    const error = refusal('utilization.gpu [%]\n70 %\n');
    expect(error.message).toBe('g.csv, line 1, field timestamp: the column is missing, so no sample can be placed in time.');
    expect(error.hint).toContain('timestamp (and index) added to --query-gpu');
  });

  test('no header', () => {
    const text = SAMPLE.slice(SAMPLE.indexOf('\n') + 1);
    expect(nvidiaSmiCsv.sniff(text)).toBe(true);
    expect(refusal(text)).toMatchObject({ code: 'unknown-format', message: 'g.csv has no header line, so its columns cannot be known.' });
  });

  test.each([
    ['clocks.sm [MHz]', 'fast', 'field clocks.sm: "fast" is not a quantity in MHz.'],
    ['clocks.sm [MHz]', '5 W', 'field clocks.sm: "5 W" is not a quantity in MHz.'],
    ['power.draw [W]', '-5 W', 'field power.draw: "-5 W" is not a quantity in W.'],
    ['clocks_event_reasons.active', 'yes', 'field clocks_event_reasons.active: "yes" is neither a bit mask nor Active or Not Active.'],
    ['power.draw [W]', '5 W, 6 W', ': the line has 4 fields, but the header (line 1) has 3.'],
  ])('%s of %s', (column, cell, sentence) => {
    const error = refusal(file(column, cell));
    expect(error.code).toBe('bad-record');
    expect(error.message.replace('line 2:', 'line 2, :')).toBe(`g.csv, line 2, ${sentence}`);
  });

  test('an empty file, a header alone, and columns of no use', () => {
    expect(refusal('').message).toBe('g.csv: the file is empty.');
    expect(refusal('timestamp, index, power.draw [W]\n').message).toBe('g.csv: the file holds no complete sample.');
    expect(refusal(file('pstate', 'P0')).message).toBe('g.csv, line 1: none of the columns is one that is used here.');
    expect(refusal(file('power.draw [W]', '1 W').replaceAll(', 0,', ', zero,')).message).toBe(
      'g.csv, line 2, field index: "zero" is not the number of a GPU.',
    );
  });
});

describe('warnings', () => {
  const HEADER = 'timestamp, index, power.draw [W]\n';
  const two = file('power.draw [W]', '1 W', '2 W');
  const later = `${at(900)}, 0, 9 W\n`;

  test('samples of one moment are put by their GPUs, and only copies among them are left out', () => {
    const series = parse(`${HEADER}${['1, 5 W', '0, 6 W', '1, 7 W', '1, 5 W', '1, 7 W'].map(cells => `${at(0)}, ${cells}\n`).join('')}`);
    expect(series.rows.map(row => [row.gpu, row.power_w])).toEqual([
      [0, 6],
      [1, 5],
      [1, 7],
    ]);
    expect(series.warnings).toContain('2 lines, the first of them line 5: the line is there twice; the copy was left out.');
  });

  test.each([
    ['a cut-off end', `${two}${at(200)}, 0`, 2, 'Line 4: the file ends in the middle of this record, which was left out.'],
    ['a repeated header', two + HEADER + later, 3, 'Line 4: the header is repeated, as after a restart of the recording.'],
    ['a line cut off by a restart', `${two}2026/11/22 01:4${HEADER}${later}`, 3, 'Line 4: a cut-off line runs into a repeated header.'],
    ['a line twice', `${two}${two.split('\n')[1]}\n`, 2, 'Line 4: the line is there twice; the copy was left out.'],
    [
      'a message',
      `${two}Unable to determine the device handle\n`,
      2,
      'Line 4: a message instead of a record was left out ("Unable to determine the device handle").',
    ],
    ['a message before the header', `Warning!\n${two}`, 2, 'Line 1: text before the header was left out ("Warning!").'],
  ])('%s', (_, text, rows, warning) => {
    const series = parse(text);
    expect(series.rows).toHaveLength(rows);
    expect(series.warnings).toContain(warning);
  });

  test('times that run back are sorted', () => {
    const series = parse(HEADER + later + two.slice(HEADER.length));
    expect(series.rows.map(row => [row.t_ms, row.power_w])).toEqual([
      [0, 1],
      [100, 2],
      [900, 9],
    ]);
    expect(series.warnings).toContain('2 lines, the first of them line 3: the sample is earlier than one before it; rows were sorted.');
  });

  test('a last value without a unit may be cut off, one with its unit is not', () => {
    expect(parse(file('clocks.sm [MHz]', '1980').trimEnd())).toMatchObject({
      rows: [{ sm_clock_mhz: null }],
      warnings: [expect.stringContaining('may be cut off')],
    });
    expect(parse(file('clocks.sm [MHz]', '1980 MHz').trimEnd())).toMatchObject({ rows: [{ sm_clock_mhz: 1980 }], warnings: [] });
  });

  test('a restart with other columns is refused', () => {
    expect(refusal(`${two}timestamp, power.draw [W]\n${later}`).message).toBe(
      'g.csv, line 4: a second header has other columns than the one in line 1.',
    );
  });
});
