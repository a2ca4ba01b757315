import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import xidLog from './importer.ts';

/** The layout of dmesg -T with invented errors. */
const SAMPLE = readFileSync(new URL('sample.log', import.meta.url), 'utf8');
const parse = (text: string) => xidLog.parse(text, 'x.log');
const behind = (prefix: string) => parse(`${prefix}NVRM: Xid (PCI:0000:9b:00): 79, pid=1, GPU has fallen off the bus.\n`);

test('errors only, without the processes they name', () => {
  const series = parse(SAMPLE);
  expect(series).toMatchObject({ kind: 'samples', clock: { kind: 'zoneless' }, warnings: [] });
  expect(series.origin_ns).toBe(BigInt(Date.UTC(2026, 10, 22, 1, 48, 20)) * 1_000_000n);
  const common = { metric: 'xid', unit: '', nature: 'gauge', window_ms: null };
  expect(series.rows).toEqual([
    { t_ms: 0, entity: 'PCI 0000:9b:00', value: 94, ...common },
    { t_ms: 6000, entity: 'PCI 0000:9b:00', value: 63, ...common },
    { t_ms: 41000, entity: 'PCI 0000:ab:00', value: 119, ...common },
  ]);
});

describe('times', () => {
  test.each([
    ['[Sun Feb 23 16:24:18 2025] ', 'zoneless', 1740327858000000000n],
    ['[Sun Feb  2 16:24:18 2025] ', 'zoneless', 1738513458000000000n],
    ['2025-02-23T16:24:18,123456+00:00 ', 'epoch', 1740327858123456000n],
    ['2025-02-23T17:24:18+0100 machine kernel: ', 'epoch', 1740327858000000000n],
    ['1740327858.123456 machine kernel: ', 'epoch', 1740327858123456000n],
    ['2025-02-23T17:24:18.123456+01:00 node1 kernel: [12345.678901] ', 'epoch', 1740327858123456000n],
    ['[   12.500000] ', 'monotonic', 12500000000n],
    ['[353399.731000] machine kernel: ', 'monotonic', 353399731000000n],
    ['kern  :err   : [Sun Feb 23 16:24:18 2025] ', 'zoneless', 1740327858000000000n],
  ])('%s', (prefix, kind, ns) => expect(behind(prefix)).toMatchObject({ clock: { kind }, origin_ns: ns }));

  test('an uptime is known no better than the clock of a CPU', () => {
    const series = behind('[353399.731000] ');
    expect(series.clock).toEqual({ kind: 'monotonic', uncertainty_ms: expect.closeTo(176_699.87, 1) });
    expect(series.limits[0]).toContain('may be off by up to 180 s');
  });

  test.each(['Feb 23 16:24:18 machine kernel: ', '', 'machine kernel: '])('%j is refused', prefix => {
    expect(() => behind(prefix)).toThrow('is no time that can be placed');
  });
});

test('a burst is kept whole, and a log without errors says so', () => {
  const twice = SAMPLE.replace(/^(.*: 94,.*)$/m, '$1\n$1');
  expect(parse(twice).rows.filter(row => row.value === 94)).toHaveLength(2);
  expect(() => parse('[1.0] NVRM: loading NVIDIA UNIX x86_64 Kernel Module\n')).toThrow(
    expect.objectContaining({ hint: expect.stringContaining('no Xid in this log') }),
  );
});

test('journalctl -o json tells when the journal took a line, wherever that stands in the object', () => {
  const line = (fields: object) => `${JSON.stringify(fields)}\n`;
  const MESSAGE = 'NVRM: Xid (PCI:0000:3b:00): 79, pid=1, GPU has fallen off the bus.';
  const text = line({ __REALTIME_TIMESTAMP: '1795342500123456', MESSAGE }) + line({ MESSAGE, __REALTIME_TIMESTAMP: '1795342501000000' });
  const series = xidLog.parse(text, 'x.log');
  expect(series).toMatchObject({ clock: { kind: 'epoch' }, origin_ns: 1_795_342_500_123_456_000n });
  expect(series.rows.map(row => [row.t_ms, row.value])).toEqual([
    [0, 79],
    [876.544, 79],
  ]);
});
