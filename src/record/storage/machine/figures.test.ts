import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { diskLines } from './diskstats.ts';
import { figuresOf } from './figures.ts';
import { readTable } from './table.ts';

const folder = mkdtempSync(join(tmpdir(), 'figures-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const table = (name: string, lines: readonly string[]) => {
  writeFileSync(join(folder, name), `${lines.join('\n')}\n`);
  return readTable(join(folder, name));
};
const S = 1_000_000_000;
const DISKS = 'time_ns,device,reads,read_sectors,read_ms,writes,write_sectors,write_ms,in_flight,io_ms,queue_ms';
const disks = table('disks.csv', [
  DISKS,
  `${1 * S},vda,1000,8000,500,0,0,0,0,100,200`,
  `${1 * S},vdb,1000,8000,500,0,0,0,0,100,200`,
  `${3 * S},vda,1200,28480,1300,0,0,0,0,1100,2200`,
  `${3 * S},vdb,1000,8000,500,0,0,0,0,100,200`,
  `${9 * S},vda,9999,28480,9999,0,0,0,0,9999,9999`,
]);
const host = table('host.csv', [
  'time_ns,cpu_user,cpu_system,cpu_idle,cpu_iowait,pgmajfault,pswpin,psi_io_some_us,psi_mem_some_us',
  `${1 * S},100,100,100,100,10,0,0,`,
  `${3 * S},150,120,110,120,30,4,1000000,`,
]);
const window = { from: BigInt(1.5 * S), to: BigInt(2.5 * S) };

test('of a window are differences between the samples around it, as iostat makes them', () => {
  expect(figuresOf({ host, disks }, window, 'vda')).toEqual({
    io_wait_pct: 20,
    major_faults_per_s: 10,
    swap_in_pages_per_s: 2,
    psi_io_some_pct: 50,
    psi_mem_some_pct: null,
    r_await_ms: 4,
    rps_storage: 100,
    read_mib_per_s: 5,
    aqu_sz: 1,
    util_pct: 50,
  });
});
// The harness of the brief left 0 where nothing was sampled.
test('a disk that read nothing has no latency, and what was not sampled is null, not zero', () => {
  expect(figuresOf({ host, disks }, window, 'vdb')).toMatchObject({ r_await_ms: null, rps_storage: 0 });
  const nothing = figuresOf({ host: undefined, disks: undefined }, window, undefined);
  expect(new Set(Object.values(nothing))).toEqual(new Set([null]));
});
test('all disks together are their sums', () => {
  expect(figuresOf({ host, disks }, window, undefined)).toMatchObject({ rps_storage: 100, r_await_ms: 4, util_pct: 25 });
});
test('lines of /proc/diskstats, by the disks that are looked at', () => {
  const text = ' 254 0 vda 10 1 200 30 40 2 600 70 3 80 100 0 0 0 0\n 254 1 vda1 9 1 190 29 39 2 590 69 0 79 98\n';
  expect(diskLines(text, new Set(['vda']))).toEqual([
    {
      device: 'vda',
      reads: 10,
      read_sectors: 200,
      read_ms: 30,
      writes: 40,
      write_sectors: 600,
      write_ms: 70,
      in_flight: 3,
      io_ms: 80,
      queue_ms: 100,
    },
  ]);
});
