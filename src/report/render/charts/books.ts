import { z } from 'zod';
import { ms, percent } from '#core/format/numbers';
import type { Ms, Share } from '#core/units';
import { CauseOrRest } from '#schema/causes';
import type { Report } from '#schema/report';
import { causeTitle } from '../wording.ts';
import { type Chart, defineTable, round } from './chart.ts';
import { causeScale } from './incidents.ts';
import { DRAWN_CAUSES, paint } from './palette.ts';

/** Causes below this share of the excess share one line, where there are several: a bar would not be seen. */
const SMALL = 0.005;

const schema = z.strictObject({
  line: z.number(),
  cause: z.union([CauseOrRest, z.literal('as expected')]),
  title: z.string(),
  excess_ms: z.number(),
  share: z.number(),
  label: z.string(),
});
type Entry = z.infer<typeof schema>;

const entry = (cause: Entry['cause'], title: string, excess: Ms, share: Share): Omit<Entry, 'line'> => ({
  cause,
  title,
  excess_ms: round(excess, 2),
  share: round(share, 4),
  label: `${title}: ${ms(excess)}, ${percent(share)}`,
});

const numbered = (entries: readonly Omit<Entry, 'line'>[]) => entries.map((e, line) => ({ line, ...e }));
const named = ({ books }: Report) =>
  books.parts.filter(p => p.cause !== 'unexplained').map(p => entry(p.cause, causeTitle(p.cause), p.excess_ms, p.share));
/** The rest always has its line, even at zero: books without it would look closed. */
const rest = ({ unexplained: { excess_ms, share } }: Report) => entry('unexplained', causeTitle('unexplained'), excess_ms, share);

const BOOK_ENTRY = defineTable({
  name: 'book_entry',
  schema,
  columns: { title: 'Cause', excess_ms: 'Time lost (ms)', share: 'Share (of one)' },
  rows: report => numbered([...named(report), rest(report)]),
});

function lines(report: Report): readonly Entry[] {
  const small = named(report).filter(e => e.share < SMALL);
  if (small.length < 2) return numbered([...named(report), rest(report)]);
  const total = (of: 'excess_ms' | 'share') => small.reduce((sum, e) => sum + e[of], 0);
  const together = entry('as expected', `${small.length} smaller causes together`, total('excess_ms'), total('share'));
  return numbered([...named(report).filter(e => e.share >= SMALL), together, rest(report)]);
}

const BOOK_LINE = defineTable({ name: 'book_line', schema, columns: {}, rows: lines });

const hatched = {
  domain: [...DRAWN_CAUSES],
  range: DRAWN_CAUSES.map((cause, i) => (cause === 'unexplained' ? paint('fill-unexplained') : (causeScale.range[i] ?? ''))),
};

const y = { field: 'line', type: 'ordinal', axis: null } as const;

export const BOOKS: Chart = {
  name: 'books',
  title: 'Where the time went',
  reading: 'The delay of all slow requests, by cause. What no evidence explains is always shown.',
  tables: [BOOK_ENTRY, BOOK_LINE],
  spec: {
    layer: [
      {
        data: { name: 'book_line' },
        mark: { type: 'bar', height: 12, yOffset: 8, cornerRadiusEnd: 1 },
        encoding: {
          y,
          x: {
            field: 'excess_ms',
            type: 'quantitative',
            axis: { title: 'delay of all slow requests (ms)', tickCount: 4 },
            scale: { zero: true, nice: true },
          },
          fill: { field: 'cause', type: 'nominal', scale: hatched, legend: null },
          description: { field: 'label', type: 'nominal' },
        },
      },
      {
        data: { name: 'book_line' },
        mark: { type: 'text', align: 'left', baseline: 'middle', dy: -7, fontSize: 12, aria: false, color: paint('ink') },
        encoding: { y, x: { value: 0 }, text: { field: 'label', type: 'nominal' } },
      },
    ],
  },
  height: report => 38 * lines(report).length,
  margin: { left: 8, bottom: 40 },
  absent: ({ requests, books, unexplained }) => {
    if (requests === null) return 'No request log was given, so no time can be split by cause.';
    return books.excess_ms > 0
      ? null
      : `No request was slow, so there is no delay to split by cause. Unexplained: ${ms(unexplained.excess_ms)}.`;
  },
  describe: ({ books, unexplained }) =>
    `Bars of time lost by cause, ${ms(books.excess_ms)} together, of which ${ms(unexplained.excess_ms)} (${percent(unexplained.share)}) are unexplained.`,
};
