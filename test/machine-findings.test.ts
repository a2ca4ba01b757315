import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { NO_CORRECTION, runAnalysis } from '#app/analyze/run-analysis';
import type { Report } from '#schema/report';
import { SHARED, sayWhatIsMissing } from './shared-files.ts';

const FIXTURE = resolve(import.meta.dirname, '../fixtures/clean');
const NVIDIA = join(SHARED, 'samples/nvidia');
sayWhatIsMissing('outputs of real machines beside a load test were', NVIDIA);

const root = mkdtempSync(join(tmpdir(), 'forensics-machine-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;

/** A clean run without its trace, and what else lies in its folder. */
async function reportWith(files: Readonly<Record<string, string>>): Promise<Report> {
  const folder = join(root, String(folders++));
  for (const name of ['requests.jsonl', 'gpu.csv', 'host.csv']) cpSync(join(FIXTURE, name), join(folder, name));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return runAnalysis(folder, {}, NO_CORRECTION, () => {});
}
/** A moment so many seconds after the first request, epoch ns. */
const FIRST = BigInt(/"arrival_ns": (\d+)/.exec(readFileSync(join(FIXTURE, 'requests.jsonl'), 'utf8'))?.[1] ?? '0');
const at = (s: number) => FIRST + BigInt(Math.round(s * 1e9));
const xids = (...rows: readonly (readonly [number, number])[]) =>
  `time_ns,pci,xid\n${rows.map(([s, xid]) => `${at(s)},0000:9b:00,${xid}\n`).join('')}`;
const links = (...counts: readonly (readonly [number, number])[]) =>
  `time_ns,gpu,link,tx_kib,rx_kib,replay_errors,recovery_errors,crc_errors\n${counts.map(([s, crc]) => `${at(s)},0,3,${1000 * s},0,0,0,${crc}\n`).join('')}`;
const machine = ({ findings }: Report) => findings.filter(f => f.id.startsWith('machine-'));

describe('errors that a capture counted', () => {
  test('an Xid 79 and 40,000 CRC errors inside the window are told, with what they mean and ask for', async () => {
    const report = await reportWith({ 'xid.csv': xids([1, 79]), 'nvlink.csv': links([0, 7], [1, 40_007]) });
    const [first, second] = machine(report).toSorted((a, b) => (a.id < b.id ? 1 : -1));
    expect(first).toMatchObject({ id: 'machine-xid', severity: 'high', title: expect.stringMatching(/Xid 79.*fallen off the bus/) });
    expect(first?.advice).toMatch(/Restart the machine/);
    expect(second).toMatchObject({
      id: 'machine-nvlink-errors',
      severity: 'high',
      title: expect.stringMatching(/GPU 0 link 3: crc errors 40,000/),
    });
    expect(report.inputs.map(i => i.path)).toEqual(expect.arrayContaining(['xid.csv', 'nvlink.csv']));
  });
  test('files of those names that others wrote stop nothing, and are said to be unread', async () => {
    const report = await reportWith({ 'xid.csv': 'Time;GPU;Xid\n2026-11-22;0;79\n', 'nvlink.csv': links([0, 7], [1, 40_007]) });
    expect(machine(report).map(f => f.id)).toEqual(['machine-nvlink-errors']);
    expect(JSON.stringify(report)).toContain('What xid.csv says of this run: read, and not judged because it does not begin as');
  });
  test('outside of it they are not this run’s, and old counts are no errors', async () => {
    const report = await reportWith({ 'xid.csv': xids([-60, 79], [60, 79]), 'nvlink.csv': links([0, 40_000], [1, 40_000]) });
    expect(machine(report)).toEqual([]);
    expect(report.capabilities.filter(c => c.why === 'recorded: none in the window')).toHaveLength(2);
  });
  test('an Xid that the catalogue here does not hold is told by its number', async () =>
    expect(machine(await reportWith({ 'xid.csv': xids([1, 4711]) }))[0]).toMatchObject({
      severity: 'medium',
      title: expect.stringMatching(/Xid 4,711/),
    }));
  test('a line that is none is refused by file and line', async () =>
    expect(reportWith({ 'xid.csv': 'time_ns,pci,xid\nyesterday,0,79\n' })).rejects.toThrow(/^xid\.csv, line 2: this is no Xid error\.$/));
});

describe.skipIf(!existsSync(NVIDIA))('outputs of real machines', () => {
  const of = (...names: readonly string[]) => reportWith(Object.fromEntries(names.map(n => [n, readFileSync(join(NVIDIA, n), 'utf8')])));
  test('memory with errors is told, healthy memory is not', async () => {
    expect(machine(await of('qx-gb200-ecc-injected.xml')).map(f => f.id)).toEqual(['machine-ecc-errors']);
    expect(machine(await of('qx-gb200-healthy.xml'))).toEqual([]);
  });
  test('a healthy pair of GPUs is accused of nothing', async () =>
    expect(machine(await of('h200x2-nvlink.txt', 'h200x2-topo.txt'))).toEqual([]));
  test('what the fabric manager logged is told, and bears on slow collectives', async () =>
    expect(machine(await of('h200x2-smi_q.xml', 'fabricmanager.log'))).toMatchObject([
      { id: 'machine-fabric-manager-errors', bears_on: ['slow-collective'] },
    ]));
});
