import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import type fc from 'fast-check';
import { expect } from 'vitest';
import { z } from 'zod';
import { ForensicsError } from '#core/errors';
import type { Importer } from '#input/formats/define';
import { MeasurementRow } from '#schema/measurement';
import { type AnySeries, Clock, FactRow, GpuSampleRow, HostSampleRow, RequestRow, RunSummary, SampleRow } from '#schema/relation';
import type { Written } from './valid-rows.ts';

/** Read from the folders themselves, so that a new importer meets the tests of every importer by being there. */
const ROOM = new URL('../src/input/formats/', import.meta.url);
/** How a format is put together: rows under a header, one record a line, or one document (a file cut in two is no file). */
type Shape = 'table' | 'lines' | 'document';
const SHAPES: Readonly<Record<string, Shape>> = { '.csv': 'table', '.jsonl': 'lines' };

export const IMPORTERS = await Promise.all(
  readdirSync(ROOM, { withFileTypes: true })
    .filter(entry => entry.isDirectory() && existsSync(new URL(`${entry.name}/importer.ts`, ROOM)))
    .map(async ({ name }) => {
      const folder = new URL(`${name}/`, ROOM);
      const sample = readdirSync(folder).find(file => file.startsWith('sample.')) ?? 'sample is missing';
      const module = (await import(/* @vite-ignore */ new URL('importer.ts', folder).href)) as { default: Importer };
      const writer = new URL('writer.test-data.ts', folder);
      if (!existsSync(writer)) throw new Error(`${name} has no writer.test-data.ts: see CONTRIBUTING.md, "Add an importer"`);
      const { default: written } = (await import(/* @vite-ignore */ writer.href)) as { default: fc.Arbitrary<Written> };
      const bytes = readFileSync(new URL(sample, folder));
      const text = bytes.toString();
      const lines = text.trimEnd().split('\n');
      return { id: name, importer: module.default, written, bytes, text, lines, shape: SHAPES[extname(sample)] ?? 'document' };
    }),
);

const ROWS = {
  requests: z.array(RequestRow),
  gpu: z.array(GpuSampleRow),
  host: z.array(HostSampleRow),
  samples: z.array(SampleRow),
  summary: z.array(RunSummary),
  facts: z.array(FactRow),
  measurements: z.array(MeasurementRow),
};
export const KINDS = Object.keys(ROWS);

/** Whatever is in a file, it is read into valid rows or refused in a sentence (undefined); nothing else may happen. */
export const attempt = (importer: Importer, text: string): AnySeries | undefined => {
  try {
    importer.sniff(text);
    const series: AnySeries = importer.parse(text, 'file');
    expect(series.rows.length).toBeGreaterThan(0);
    ROWS[series.kind].parse([...series.rows]);
    Clock.parse(series.clock);
    return series;
  } catch (error) {
    if (!(error instanceof ForensicsError)) throw error;
    expect(['bad-record', 'unknown-format', 'not-readable']).toContain(error.code);
    expect(error.message).toMatch(/^file\b.*\.$/s);
    expect(error.hint).not.toBe('');
    return undefined;
  }
};

/** Logs that count what they say, and tell the most of something: less in a part of them, or where a line is spoilt. */
export const COUNTING: ReadonlySet<string> = new Set(['fabricmanager', 'nccl-log', 'vllm-log']);
