import { z } from 'zod';
import { CauseOrRest } from '#model/causes';
import { ms, percent } from '../numbers.ts';
import { causeTitle } from '../words.ts';
import { type Chart, defineTable, round } from './chart.ts';
import { causeScale } from './incidents.ts';
import { DRAWN_CAUSES, paint } from './palette.ts';

export const BOOK_ENTRY = defineTable({
  name: 'book_entry',
  schema: z.strictObject({
    line: z.number(),
    cause: CauseOrRest,
    title: z.string(),
    excess_ms: z.number(),
    share: z.number(),
    label: z.string(),
  }),
  columns: { title: 'Cause', excess_ms: 'Excess (ms)', share: 'Share of the excess' },
  rows: ({ books, unexplained }) =>
    // The rest always has its line, even at zero: books without it would look closed.
    [...books.parts.filter(p => p.cause !== 'unexplained'), { cause: 'unexplained' as const, ...unexplained }].map((part, line) => ({
      line,
      cause: part.cause,
      title: causeTitle(part.cause),
      excess_ms: round(part.excess_ms, 2),
      share: round(part.share, 4),
      label: `${causeTitle(part.cause)}: ${ms(part.excess_ms)}, ${percent(part.share)}`,
    })),
});

const hatched = {
  domain: [...DRAWN_CAUSES],
  range: DRAWN_CAUSES.map((cause, i) => (cause === 'unexplained' ? paint('fill-unexplained') : (causeScale.range[i] ?? ''))),
};

const y = { field: 'line', type: 'ordinal', axis: null } as const;

export const BOOKS: Chart = {
  name: 'books',
  title: 'Where the excess went',
  reading: 'The excess of all slow requests, shared out over causes. The rest is unexplained, and always shown.',
  tables: [BOOK_ENTRY],
  spec: {
    encoding: { y },
    layer: [
      {
        data: { name: 'book_entry' },
        mark: { type: 'bar', height: 12, yOffset: 8, cornerRadiusEnd: 1 },
        encoding: {
          x: {
            field: 'excess_ms',
            type: 'quantitative',
            axis: { title: 'excess, summed over slow requests (ms)', tickCount: 4 },
            scale: { zero: true, nice: true },
          },
          fill: { field: 'cause', type: 'nominal', scale: hatched },
          description: { field: 'label', type: 'nominal' },
        },
      },
      {
        data: { name: 'book_entry' },
        mark: { type: 'text', align: 'left', baseline: 'middle', dy: -7, fontSize: 12, aria: false, color: paint('ink') },
        encoding: { x: { value: 0 }, text: { field: 'label', type: 'nominal' } },
      },
    ],
  },
  height: ({ books }) => 38 * (books.parts.filter(p => p.cause !== 'unexplained').length + 1),
  margin: { left: 8, bottom: 40 },
  absent: ({ requests, books, unexplained }) => {
    if (requests === null) return 'No request log was given, so there are no books to keep.';
    return books.excess_ms > 0
      ? null
      : `No request was slow, so there is no excess to share out. Unexplained: ${ms(unexplained.excess_ms)}.`;
  },
  describe: ({ books, unexplained }) =>
    `Bars of excess by cause, ${ms(books.excess_ms)} together, of which ${ms(unexplained.excess_ms)} (${percent(unexplained.share)}) are unexplained.`,
};
