import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AnySeries } from '#schema/relation';
import { attempt, COUNTING, IMPORTERS } from '#test/every-importer';
import { runs } from '#test/thorough';
import { ORIGIN_MS } from '#test/valid-rows';

/** There are some eighty formats: a few runs of each are many in all. */
const FEW = 4;
/** Digits that survive a change of units. */
const DIGITS = 12;

/** What times in a row are called; they count from the origin of their series. */
const TIME = /^(?:t|intended|arrival|scheduled|first_token|finish|start|end)_ms$/;

/** A value as it must be read: numbers to the digits of a double, times moved by `later_ms`. */
const plain = (value: unknown, later_ms: number, key = ''): unknown => {
  if (typeof value === 'number') return Number((TIME.test(key) ? value + later_ms : value).toPrecision(DIGITS));
  if (value instanceof Float32Array) return Array.from(value, each => Number(each.toPrecision(6)));
  if (Array.isArray(value)) return value.map(each => plain(each, later_ms));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each, later_ms, name)]));
};

/** Of `read` what `written` has: the fields of an object; of figures those of the same statistic. */
const like = (written: unknown, read: unknown): unknown => {
  if (Array.isArray(written) && Array.isArray(read)) {
    const [first] = written;
    if (typeof first !== 'object' || first === null) return read;
    return 'statistic' in first
      ? written.map(figure =>
          like(
            figure,
            read.find(r => r.metric === figure.metric && r.statistic === figure.statistic && r.q === figure.q),
          ),
        )
      : read.map((each, i) => like(written[i] ?? first, each));
  }
  if (typeof written !== 'object' || written === null || typeof read !== 'object' || read === null) return read;
  if (written instanceof Float32Array) return read;
  return Object.fromEntries(Object.entries(written).map(([name, each]) => [name, like(each, (read as Record<string, unknown>)[name])]));
};

const sorted = (rows: readonly unknown[]): unknown[] => rows.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

/** The rows of a series as far as `written` tells of them, their times as it counts them. */
const readAs = (written: readonly object[], { rows, clock, origin_ns }: AnySeries): unknown[] => {
  const dated = clock.kind === 'epoch' || clock.kind === 'zoneless';
  const later_ms = Number(origin_ns - (dated ? BigInt(ORIGIN_MS) * 1_000_000n : 0n)) / 1e6;
  return sorted([...rows].map((row, i) => like(written[i] ?? written[0], plain(row, clock.kind === 'none' ? 0 : later_ms))));
};

/** A number by itself: no part of a name, an address or a date, and no label of a metric. */
const NUMBER = /(?<![\w.-]|="|[A-Za-z]:)-?\d+(?:\.\d+)?(?![\w.])/g;
/** What a number may be spoilt to that is none; the marks of what is missing may make it missing. */
const MISSING = ['', 'NaN'] as const;
const SPOILS = [...MISSING, '-99999', 'x', '1,5', '1e999', '9'.repeat(40)] as const;
/** A list of numbers in JSON is as good a list without one of them, and a decimal comma makes two of one. */
const isListed = (text: string, at: number): boolean => /^\s*[{[]/.test(text) && /[[,]\s*$/.test(text.slice(Math.max(0, at - 50), at));

/** Whether nothing is told that `whole` does not tell. */
const isWithin = (part: unknown, whole: unknown): boolean => {
  if (part === null || part === undefined) return true;
  if (Array.isArray(part) && Array.isArray(whole)) return part.every(each => whole.some(other => isWithin(each, other)));
  if (typeof part !== 'object' || typeof whole !== 'object' || whole === null) return part === whole;
  return Object.entries(part).every(([name, value]) => isWithin(value, (whole as Record<string, unknown>)[name]));
};

/** Facts have no fixed fields: what is no number is told as the text that it is, and what is not there is not told. */
const isAsItStands = (series: AnySeries, whole: AnySeries): boolean => {
  if (series.kind !== 'facts' || whole.kind !== 'facts') return false;
  const known = new Set(whole.rows.map(row => JSON.stringify(row)));
  return series.rows.every(row => known.has(JSON.stringify(row)) || typeof row.value === 'string');
};

/** A spoilt line of a log is one line less of its kind. */
const isCountedLess = (id: string, series: AnySeries, whole: AnySeries): boolean => {
  if (!COUNTING.has(id) || series.kind !== 'facts' || whole.kind !== 'facts') return false;
  const known = new Map(whole.rows.map(row => [`${row.entity} ${row.name}`, row.value]));
  return series.rows.every(({ entity, name, value }) => {
    const before = known.get(`${entity} ${name}`);
    return typeof value !== 'number' || typeof before !== 'number' || value <= before;
  });
};

describe.each(IMPORTERS)('$id', ({ id, importer, written }) => {
  test('what a writer of the layout wrote is read back', () => {
    fc.assert(
      fc.property(written, ({ rows, text }) => {
        expect(importer.sniff(text.slice(0, 65_536))).toBe(true);
        expect(readAs(rows, importer.parse(text, 'file'))).toEqual(sorted(rows.map(row => plain(row, 0))));
      }),
      runs(100, FEW),
    );
  });

  test('where a number was spoilt, the same is read or nothing in its place, or it is refused, or there is word of it', () => {
    fc.assert(
      fc.property(written, fc.nat(), fc.constantFrom(...SPOILS), ({ rows, text }, which, spoilt) => {
        const numbers = [...text.matchAll(NUMBER)];
        const { index = 0, 0: old = '' } = numbers[which % numbers.length] ?? {};
        if (isListed(text, index)) return;
        const series = attempt(importer, text.slice(0, index) + spoilt + text.slice(index + old.length));
        if (series === undefined) return;
        const whole = importer.parse(text, 'file');
        const said = (of: AnySeries) => [...of.warnings, ...of.limits].join('\n');
        if (said(series) !== said(whole) || isAsItStands(series, whole) || isCountedLess(id, series, whole)) return;
        const [part, all] = [readAs(rows, series), readAs(rows, whole)];
        if (!MISSING.some(mark => mark === spoilt) || !isWithin(part, all)) expect(part).toEqual(all);
      }),
      runs(100, FEW),
    );
  });
});
