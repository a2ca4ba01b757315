import { describe, expect, test } from 'vitest';
import nvidiaSmiCsv from './importer.ts';

const parse = (text: string) => {
  const series = nvidiaSmiCsv.parse(text, 'g.csv');
  return { ...series, rows: [...series.rows] };
};
const at = (ms: number) => `2026/11/22 01:42:${56 + Math.floor(ms / 1000)}.${String(ms % 1000).padStart(3, '0')}`;

describe('GPUs', () => {
  test('bus ids are numbered in their order, uuids as they appear', () => {
    const body = `power.draw [W]\n${at(0)}, 00000000:3B:00.0, 1 W\n${at(1)}, 00000000:18:00.0, 2 W\n`;
    const byBus = parse(`timestamp, pci.bus_id, ${body}`);
    expect(byBus.rows.map(row => row.gpu)).toEqual([1, 0]);
    expect(byBus.warnings[0]).toContain('2 GPU(s) were told apart by pci.bus_id and numbered in the order of their bus ids');
    expect(parse(`timestamp, uuid, ${body}`).rows.map(row => row.gpu)).toEqual([0, 1]);
  });

  const anonymous = (times: number[], names: string[] = ['A']) =>
    parse(`timestamp, name, power.draw [W]\n${times.map((t, i) => `${at(t)}, ${names[i % names.length]}, ${i} W\n`).join('')}`);

  test('without any identity a lone GPU is number 0, with a warning', () => {
    const series = anonymous([0, 100, 215, 300, 420, 500, 610, 700, 950, 1000]);
    expect(new Set(series.rows.map(row => row.gpu))).toEqual(new Set([0]));
    expect(series.warnings).toEqual(['Neither index nor uuid was recorded: all samples were taken to be of GPU 0.']);
  });

  test('without any identity several GPUs are refused', () => {
    expect(() => anonymous([0, 4, 100, 104], ['A', 'B'])).toThrow(
      'g.csv, line 3: the file holds samples of several GPUs, and no column tells which is which.',
    );
    expect(() => anonymous([0, 4, 100, 103, 200, 204, 300, 304, 400, 404])).toThrow('the samples come in bursts');
    expect(() => anonymous([0, 0, 100, 100])).toThrow('the samples come in bursts');
  });
});

describe('files of several machines', () => {
  const both = (columns: string, ...cells: string[]) =>
    `timestamp, ${columns}, power.draw [W]\n${Array.from({ length: 10 }, (_, i) => cells.map((cell, k) => `${at(i * 100)}, ${cell}, ${k}00 W\n`).join('')).join('')}`;

  test('an index that stands for two UUIDs is two GPUs, and every reading is kept', () => {
    const series = parse(both('index, uuid', '0, GPU-aaaa', '0, GPU-bbbb'));
    expect(series.rows).toHaveLength(20);
    expect([...series.cards].map(([gpu, card]) => [gpu, card.uuid])).toEqual([
      [0, 'aaaa'],
      [1, 'bbbb'],
    ]);
    expect(series.warnings[0]).toContain('several machines wrote this file');
  });
  test('one index that is read twice at each moment is refused where nothing tells its GPUs apart', () =>
    expect(() => parse(both('index', '0', '0'))).toThrow('a GPU is read several times at one moment'));
  test('a GPU that fell off the bus keeps its number', () =>
    expect(new Set(parse(`${both('index, uuid', '0, GPU-aaaa')}${at(1100)}, 0, [Unknown Error], 5 W\n`).rows.map(r => r.gpu))).toEqual(
      new Set([0]),
    ));
});

describe('clock', () => {
  const stamped = (...stamps: string[]) =>
    parse(`timestamp, index, power.draw [W]\n${stamps.map((stamp, i) => `${stamp}, 0, ${i} W\n`).join('')}`);
  const SECOND = BigInt(Date.UTC(2026, 10, 22, 1, 42, 56));

  test.each([
    ['2026/11/22 01:42:56.594', 'zoneless', SECOND * 1_000_000n + 594_000_000n],
    ['2026-11-22T01:42:56.594Z', 'epoch', SECOND * 1_000_000n + 594_000_000n],
    ['2026-11-22 03:42:56.594123+02:00', 'epoch', SECOND * 1_000_000n + 594_123_000n],
    ['2026-11-21 20:12:56 -0530', 'epoch', SECOND * 1_000_000n],
    ['1795311776', 'epoch', 1795311776n * 10n ** 9n],
    ['1795311776.594', 'epoch', 1795311776594n * 10n ** 6n],
    ['1795311776594', 'epoch', 1795311776594n * 10n ** 6n],
    ['1795311776594123', 'epoch', 1795311776594123n * 1000n],
    ['1795311776594123457', 'epoch', 1795311776594123457n],
  ] as const)('%s is %s', (stamp, kind, ns) => {
    expect(stamped(stamp)).toMatchObject({ clock: { kind }, origin_ns: ns });
  });

  test('where summer time ends the hour is there twice, and the readings stay in order', () => {
    const series = stamped('2026/10/25 02:59:59.000', '2026/10/25 02:59:59.500', '2026/10/25 02:00:00.000', '2026/10/25 02:00:00.500');
    expect(series.rows.map(row => row.t_ms)).toEqual([0, 500, 1000, 1500]);
    expect(series.warnings).toContain('Line 4: summer time ended here; what follows was taken as an hour later.');
    expect(series.ranBack_ms).toBe(0);
  });
  test('a clock that was set back is told in numbers, since sorted rows do not show it', () =>
    expect(stamped('2026/10/25 02:59:59.000', '2026/10/25 02:59:50.000').ranBack_ms).toBe(9000));

  test('a zoneless clock is as uncertain as half a sample, and at least 1 ms', () => {
    expect(stamped('2026/11/22 01:42:56.000', '2026/11/22 01:42:56.500').clock).toEqual({ kind: 'zoneless', uncertainty_ms: 250 });
    expect(stamped('2026/11/22 01:42:56.000').clock).toEqual({ kind: 'zoneless', uncertainty_ms: 1 });
    expect(stamped('1795311776.594').clock).toEqual({ kind: 'epoch', uncertainty_ms: 1 });
  });

  test.each(['2026/13/22 01:42:56.594', '2026/02/30 01:42:56.594', '2026/11/22 25:42:56.594', '[N/A]', 'soon', ''])(
    '%j is refused',
    stamp => {
      expect(() => stamped(stamp)).toThrow(`g.csv, line 2, field timestamp: ${JSON.stringify(stamp)} is not a time.`);
    },
  );

  test('times with and without a zone in one file are refused', () => {
    expect(() => stamped('2026/11/22 01:42:56.594', '2026/11/22 01:42:57.594Z')).toThrow('line 3, field timestamp: this time has a zone');
  });
});
