import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import sadfJson from './importer.ts';

/** The layout of sadf -j with invented values. */
const SAMPLE = readFileSync(new URL('sample.json', import.meta.url), 'utf8');
const parse = (text: string) => sadfJson.parse(text, 's.json');

test('each interval says how long it was, so that the first one counts too', () => {
  const series = parse(SAMPLE);
  expect(series).toMatchObject({ kind: 'host', clock: { kind: 'epoch', uncertainty_ms: 1000 }, warnings: [] });
  expect(series.origin_ns).toBe(BigInt(Date.UTC(2026, 10, 22, 1, 30, 0)) * 1_000_000n);
  expect(series.rows.map(row => row.t_ms)).toEqual([0, 10000, 20000]);
  expect(series.rows[0]).toMatchObject({ cpu_user_ticks: 0, context_switches: 0, psi_io_some_us: 0, procs_running: null });
  // By hand: 0.5 % of 2 CPUs for 10 s are 10 ticks; 176 kB/s are 3520 sectors; 0.5 % of 10 s are 50 ms; 0.11 % of 10 s are 11,000 us.
  expect(series.rows[1]).toMatchObject({
    cpu_user_ticks: 10,
    cpu_idle_ticks: 1960,
    context_switches: 1500,
    procs_running: 1,
    procs_blocked: 0,
    mem_available_kib: 24196244,
    disk_reads: null,
    disk_read_sectors: 3520,
    disk_write_sectors: 1120,
    disk_io_ms: 50,
    psi_cpu_some_us: 72000,
    psi_io_some_us: 11000,
    psi_mem_some_us: null,
  });
  expect(series.rows[2]).toMatchObject({
    cpu_user_ticks: 210,
    context_switches: 4000,
    procs_blocked: 2,
    disk_io_ms: 4050,
    psi_io_some_us: 761000,
  });
});

test('local times carry no zone', () => {
  expect(parse(SAMPLE.replaceAll('"utc": 1', '"utc": 0')).clock).toEqual({ kind: 'zoneless', uncertainty_ms: 5000 });
});

test.each([
  ['a time that is none', SAMPLE.replace('01:30:10', 'noon'), 's.json, field timestamp: "2026-11-22 noon" is not a time.'],
  ['both kinds of time', SAMPLE.replace('"utc": 1', '"utc": 0'), 's.json, field timestamp: some times are in UTC and others are not.'],
  [
    'a negative amount',
    SAMPLE.replace('"cswch": 150.0', '"cswch": -1'),
    's.json, field sysstat.hosts.0.statistics.0.process-and-context-switch.cswch',
  ],
])('%s: refused', (_, text, sentence) => expect(() => parse(text)).toThrow(sentence));
