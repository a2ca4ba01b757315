import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import hostCsv from './importer.ts';

const SAMPLE = readFileSync(new URL('sample.csv', import.meta.url), 'utf8');
const T = 1795311826632261617n;
const parse = (text: string) => hostCsv.parse(text, 'h.csv');
const file = (columns: string, ...rows: string[]) =>
  `${[`time_ns,${columns}`, ...rows.map((row, i) => `${T + BigInt(i) * 100_000_001n},${row}`)].join('\n')}\n`;

describe('values', () => {
  test('the sample is read exactly', () => {
    const series = parse(SAMPLE);
    expect(series).toMatchObject({
      kind: 'host',
      format: 'host-csv',
      clock: { kind: 'epoch', uncertainty_ms: 0 },
      origin_ns: T,
      warnings: [],
    });
    expect(series.rows).toHaveLength(8);
    expect(series.rows[1]).toEqual({
      t_ms: 100.115235,
      cpu_user_ticks: 18468,
      cpu_system_ticks: 2035,
      cpu_idle_ticks: 316921,
      cpu_iowait_ticks: 570,
      context_switches: 133832,
      procs_running: 2,
      procs_blocked: 0,
      disk_reads: 10234,
      disk_read_sectors: 6257058,
      disk_read_ms: 13220,
      disk_writes: 1218,
      disk_write_sectors: 3976656,
      disk_io_ms: 6300,
      major_faults: 2890,
      swap_in_pages: 0,
      swap_out_pages: 0,
      mem_available_kib: 131303932,
      psi_io_some_us: 3915738,
      psi_mem_some_us: 0,
      psi_cpu_some_us: 1414568,
    });
    expect(series.limits).toEqual([expect.stringContaining('every 100 ms')]);
  });

  test('any subset of columns in any order will do, and the rest is named', () => {
    const series = parse(`pgmajfault,procs_blocked,time_ns\n7,1,${T}\n`);
    expect(series.rows[0]).toMatchObject({ major_faults: 7, procs_blocked: 1, cpu_user_ticks: null });
    expect(series.limits.join()).toMatch(/Not recorded: cpu_user_ticks, .*psi_cpu_some_us\./);
  });

  test('an empty value is missing and counted; a column without any is a limit', () => {
    const series = parse(file('ctxt,psi_io_some_us', '1,', ',', '3,'));
    expect(series.rows.map(row => row.context_switches)).toEqual([1, null, 3]);
    expect(series.warnings).toEqual(['context_switches is missing in 1 of 3 samples.']);
    expect(series.limits.join()).toContain('psi_io_some_us');
  });

  test('a clock that does not count from 1970 is relative', () => {
    const series = parse('time_ns,ctxt\n1728000000000000,1\n1728000100000000,2\n');
    expect(series.clock).toEqual({ kind: 'relative' });
    expect(series.limits[0]).toContain('do not count from 1970');
  });
});

describe('refusals', () => {
  test.each([
    ['no time', 'cpu_user,cpu_system,ctxt\n1,2,3\n', 'h.csv, line 1, field time_ns: the column is missing.'],
    ['no file', '', 'h.csv: the file is empty.'],
    ['another file', 'a,b\n1,2\n', 'h.csv: no header line was found.'],
    ['no samples', 'time_ns,ctxt\n', 'h.csv: the file holds no complete sample.'],
    ['a word for a count', file('ctxt', '1', 'many'), 'h.csv, line 3, field ctxt: "many" is not a count.'],
    ['a negative count', file('ctxt', '-1'), 'h.csv, line 2, field ctxt: "-1" is not a count.'],
    [
      'a time with a point',
      'time_ns,ctxt\n1795311826.5,1\n',
      'h.csv, line 2, field time_ns: "1795311826.5" is not a whole number of nanoseconds.',
    ],
    [
      'milliseconds',
      'time_ns,ctxt\n1795311826632,1\n1795311826732,2\n',
      'h.csv, line 2, field time_ns: 1795311826632 looks like milliseconds since 1970, not nanoseconds.',
    ],
    ['a short line', file('ctxt,pswpin', '1', '1,2'), 'h.csv, line 2: the line has 2 fields, but the header (line 1) has 3.'],
  ])('%s', (_, text, sentence) => {
    expect(() => parse(text)).toThrow(sentence);
  });
});

describe('warnings', () => {
  test('columns that are not known', () => {
    expect(parse(file('ctxt,load1,ctxt', '1,2,3')).warnings).toEqual([
      'Line 1: columns that are not known, or there twice, were ignored ("load1", "ctxt").',
    ]);
  });

  test('counters that run backwards, but not gauges', () => {
    const series = parse(file('ctxt,cpu_user,procs_running', '5,5,5', '6,6,1', '1,1,1', '2,2,2'));
    expect(series.rows).toHaveLength(4);
    expect(series.warnings).toEqual([
      'Line 4: counters run backwards, as after a restart of the machine (cpu_user_ticks, context_switches).',
    ]);
  });

  test('a last value with no line break after it may be cut off', () => {
    const series = parse(file('ctxt,pswpin', '1,234', '2,234').trimEnd());
    expect(series.rows.map(row => row.swap_in_pages)).toEqual([234, null]);
    expect(series.warnings[0]).toBe('Line 3: no line break ends the file, so the last value may be cut off and was taken as missing.');
  });

  test('a repeated header, a copy, and disorder', () => {
    const text = file('ctxt', '1', '2', '3').split('\n');
    const series = parse(`${[text[0], text[2], text[1], text[0], text[1], text[3]].join('\n')}\n`);
    expect(series.rows.map(row => row.context_switches)).toEqual([1, 2, 3]);
    expect(series.warnings).toEqual([
      'Line 4: the header is repeated, as after a restart of the recording.',
      '2 lines, the first of them line 3: the sample is earlier than one before it; rows were sorted.',
      'Line 5: the line is there twice; the copy was left out.',
    ]);
  });
});
