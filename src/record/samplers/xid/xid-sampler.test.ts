import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { kernelMessages } from './dmesg.ts';
import { xidSampler } from './xid-sampler.ts';
import { xidIn } from './xids-in.ts';

const folder = mkdtempSync(join(tmpdir(), 'xid-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let cases = 0;
const XID = (xid: number) =>
  `NVRM: Xid (PCI:0000:9b:00): ${xid}, pid=2024380, name=secret-job, Timeout after 6s of waiting for RPC response from GPU4 GSP!`;

/** A root with a driver, a kernel's log (a plain file here) and a dmesg, as far as they are given. */
function setUp({ log, dmesg, driver = true }: { log?: string; dmesg?: string; driver?: boolean }) {
  const root = join(folder, `case-${cases++}`);
  const bin = join(root, 'bin');
  mkdirSync(join(root, 'dev'), { recursive: true });
  mkdirSync(bin);
  if (driver) mkdirSync(join(root, 'proc/driver/nvidia'), { recursive: true });
  if (log !== undefined) writeFileSync(join(root, 'dev/kmsg'), log);
  if (dmesg !== undefined) {
    writeFileSync(join(root, 'messages'), dmesg);
    writeFileSync(join(bin, 'dmesg'), `#!/bin/sh\n/bin/cat ${join(root, 'messages')}\n`, { mode: 0o755 });
  }
  return { root, sampler: xidSampler({ env: { PATH: bin }, tell: () => {}, root }) };
}
const linesOf = (root: string) => readFileSync(join(root, 'xid.csv'), 'utf8').trimEnd().split('\n');

describe('a line of the kernel', () => {
  test.each([
    [`[Sun Feb 23 16:24:18 2025] ${XID(119)}`, { pci: '0000:9b:00', xid: 119 }],
    [`6,339,5140900,-;${XID(79)}`, { pci: '0000:9b:00', xid: 79 }],
    ['NVRM: Xid (PCI:0000:3B:00): 31, Ch 00000010', { pci: '0000:3b:00', xid: 31 }],
    ['NVRM: GPU at PCI:0000:9b:00: GPU-509665ad-b600-ac93-3616-d754b23d636d', undefined],
    ['NVRM: Rate limiting GSP RPC error prints for GPU at PCI:0000:9b:00', undefined],
  ])('%s', (line, found) => expect(xidIn(line)).toEqual(found));

  test('of dmesg has its time in front', () => {
    expect(kernelMessages('[    0.000000] Linux\n[12345.678901] NVRM: x\nno stamp\n')).toEqual([
      { ns: 0n, text: 'Linux' },
      { ns: 12_345_678_901_000n, text: 'NVRM: x' },
    ]);
  });
});

describe('the Xid sampler', () => {
  test('records what the kernel says while it runs, without the text', async () => {
    const { root, sampler } = setUp({ log: `6,1,1,-;${XID(31)}\n` });
    expect(await sampler.start(root)).toEqual({ sampling: true });
    appendFileSync(join(root, 'dev/kmsg'), `6,2,2,-;usb 1-1: new device\n6,3,3,-;${XID(79)}\n`);
    const summary = await sampler.stop();
    const [header, row, ...more] = linesOf(root);
    expect(header).toBe('time_ns,pci,xid');
    expect(row).toMatch(/^\d{19},0000:9b:00,79$/);
    expect(more).toEqual([]);
    expect(BigInt(row?.split(',')[0] ?? 0)).toBeGreaterThanOrEqual(BigInt(summary.start.epoch_ns));
    expect(summary).toMatchObject({ file: 'xid.csv', samples: 1, missing: [] });
  });

  test('asks dmesg where the log cannot be opened, and leaves out what was there before', async () => {
    const { root, sampler } = setUp({ dmesg: `[   10.000000] ${XID(31)}\n` });
    expect(await sampler.start(root)).toEqual({ sampling: true });
    appendFileSync(join(root, 'messages'), `[   11.000000] ${XID(48)}\n`);
    const summary = await sampler.stop();
    expect(linesOf(root).map(line => line.replace(/^\d+,/, ''))).toEqual(['time_ns,pci,xid', '0000:9b:00,48']);
    expect(summary.missing).toEqual(['Xid errors are taken from dmesg at the end: their stamps may be off by seconds']);
  });

  test.each([
    [{}, "the kernel's messages may not be read here (there is no such file): Xid errors cannot be seen"],
    [{ driver: false, log: '' }, 'this kernel has no NVIDIA driver: Xid errors cannot be seen'],
    [{ dmesg: '[    0.000000] Starting gVisor...\n' }, 'this is a gVisor sandbox: Xid errors cannot be seen'],
  ])('says why it cannot tell (%j)', async (machine, why) => {
    const { root, sampler } = setUp(machine);
    expect(await sampler.start(root)).toEqual({ sampling: false, why });
    expect(await sampler.stop()).toMatchObject({ file: null, samples: 0, missing: [why] });
  });
});
