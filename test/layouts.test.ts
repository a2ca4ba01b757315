import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { AnySeries } from '#schema/relation';
import { Layouts } from '../tools/codegen/layouts.ts';
import { attempt, IMPORTERS } from './every-importer.ts';
import { figuresOf, withAnother } from './figures-of.ts';
import { some } from './thorough.ts';

/** Of figures with one name so many are changed: a first one may be a warm-up, or stand in what is read of another. */
const MOST = 4;

/** A series as text, to see whether anything of it differs. */
const written = (series: AnySeries | undefined): string =>
  series === undefined
    ? 'refused'
    : JSON.stringify({ ...series, rows: [...series.rows] }, (_, value: unknown) =>
        typeof value === 'bigint' ? `${value}` : value instanceof Float32Array || value instanceof Map ? [...value] : value,
      );

const layoutsOf = (id: string) =>
  Layouts.parse(JSON.parse(readFileSync(new URL(`../src/input/formats/${id}/layouts.json`, import.meta.url), 'utf8')));

describe.each(some(IMPORTERS, 6, 'figures of samples that are read or listed'))('$id', ({ id, importer, text }) => {
  test('each figure of its sample is read, or named in the limits, or listed as not read', () => {
    const whole = attempt(importer, text);
    const before = written(whole);
    const limits = whole?.limits.join(' ') ?? '';
    const changed = new Map<string, boolean[]>();
    for (const figure of figuresOf(text)) {
      const tries = changed.get(figure.name) ?? [];
      if (tries.length >= MOST || tries.includes(true)) continue;
      changed.set(figure.name, [...tries, written(attempt(importer, withAnother(text, figure))) !== before]);
    }
    const unread = [...changed].flatMap(([name, tries]) => (tries.includes(true) ? [] : [name]));
    expect(unread.filter(name => name === '' || !limits.includes(name)).sort()).toEqual(layoutsOf(id).not_read);
  });
});
