import { z } from 'zod';
import { count, ms } from '#core/format/numbers';
import type { Report } from '#schema/report';
import { type Chart, defineTable, round } from './chart.ts';
import { headLayer, headTable, laid, laneY, leaving, nameLayer } from './lanes.ts';
import { paint } from './palette.ts';
import { between } from './time-axis.ts';

const LEFT = 84;
/** More ranks than this are for the table; drawn are those late most often, and those that waited longest. */
const MOST_RANKS = 64;

const PARTS = [
  { name: 'transfer', colour: paint('transfer') },
  { name: 'wait', colour: paint('wait') },
  { name: 'wait for late ranks', colour: paint('wait-late') },
  { name: 'jitter', colour: paint('wait-jitter') },
] as const;
type Part = (typeof PARTS)[number]['name'];

interface Line {
  readonly name: string;
  readonly label: string;
  readonly parts: readonly (readonly [Part, number])[];
}

function layout({ collectives }: Report) {
  if (collectives === null || collectives.ops === 0) return laid<Line>([], 20);
  const { per_rank, transfer_ms, wait_ms, jitter_ms } = collectives;
  const lateMost = per_rank.filter(r => r.late > 0).toSorted((a, b) => b.late - a.late);
  const waitedMost = per_rank.toSorted((a, b) => b.wait_ms - a.wait_ms);
  const chosen = new Set([...lateMost.slice(0, MOST_RANKS / 2), ...waitedMost].slice(0, MOST_RANKS));
  const ranks = per_rank.filter(r => chosen.has(r));
  const late = Math.max(0, wait_ms - jitter_ms);
  const together: Line = {
    name: 'mean',
    label: `${ms(late)} for late ranks`,
    parts: [
      ['transfer', transfer_ms],
      ['wait for late ranks', late],
      ['jitter', jitter_ms],
    ],
  };
  const each = ranks.map(
    (r): Line => ({
      name: r.rank,
      label: r.late === 0 ? 'never late' : `late ${count(r.late, 'time')}`,
      parts: [
        ['transfer', r.transfer_ms],
        ['wait', r.wait_ms],
      ],
    }),
  );
  return laid<Line>(
    [
      { title: 'A mean rank', items: [together] },
      ...(each.length > 0
        ? [
            {
              title:
                ranks.length < per_rank.length
                  ? `${ranks.length} ranks: those late most often, and those that waited longest`
                  : 'Each rank',
              items: each,
            },
          ]
        : []),
    ],
    ranks.length > 24 ? 14 : 20,
  );
}

const SHARE = defineTable({
  name: 'collective_share',
  schema: z.strictObject({
    name: z.string(),
    part: z.string(),
    ms: z.number(),
    from_ms: z.number(),
    to_ms: z.number(),
    bar_top: z.number(),
    bar_bottom: z.number(),
  }),
  columns: { name: 'Rank', part: 'What', ms: 'Time (ms)' },
  rows: report =>
    layout(report).lanes.flatMap(({ item, top, bottom }) => {
      let at = 0;
      return item.parts.map(([part, value]) => {
        const from = at;
        at += Math.max(0, value);
        return {
          name: item.name,
          part,
          ms: round(value, 3),
          from_ms: round(from, 3),
          to_ms: round(at, 3),
          bar_top: top + 3,
          bar_bottom: bottom - 3,
        };
      });
    }),
});

const RANK = defineTable({
  name: 'collective_rank',
  schema: z.strictObject({ name: z.string(), label: z.string(), middle: z.number(), reach: z.number() }),
  columns: {},
  rows: report =>
    layout(report).lanes.map(({ item, top, bottom }) => ({
      name: item.name,
      label: item.label,
      middle: (top + bottom) / 2,
      reach: round(
        item.parts.reduce((sum, [, value]) => sum + Math.max(0, value), 0),
        3,
      ),
    })),
});

/** The parts that occur, for the legend. */
export const partsOf = (report: Report) => {
  const seen = new Set(SHARE.rows(report).map(row => row['part']));
  return PARTS.filter(part => seen.has(part.name));
};

const x = <const Field extends string>(field: Field) =>
  ({
    field,
    type: 'quantitative',
    scale: { domain: between('0', leaving(130)), nice: false },
    axis: { title: 'time in collectives (ms)', tickCount: 5 },
  }) as const;

export const COLLECTIVE_WAIT: Chart = {
  name: 'collective-wait',
  title: 'Time in collectives',
  reading: 'What a rank spends in collectives: transfer is as long as the shortest participant takes, the rest is wait.',
  tables: [SHARE, RANK, headTable('collective_head', report => layout(report).heads)],
  spec: {
    params: [{ name: 'most', value: 1 }],
    layer: [
      headLayer('collective_head'),
      nameLayer('collective_rank', LEFT),
      {
        data: { name: 'collective_share' },
        mark: { type: 'rect', clip: true, stroke: paint('bg'), strokeWidth: 0.5 },
        encoding: {
          x: x('from_ms'),
          x2: { field: 'to_ms' },
          y: laneY('bar_top'),
          y2: { field: 'bar_bottom' },
          fill: {
            field: 'part',
            type: 'nominal',
            scale: { domain: PARTS.map(p => p.name), range: PARTS.map(p => p.colour) },
            legend: { title: 'time' },
          },
          tooltip: [
            { field: 'name', type: 'nominal', title: 'rank' },
            { field: 'part', type: 'nominal', title: 'what' },
            { field: 'ms', type: 'quantitative', title: 'time (ms)', format: ',.2f' },
          ],
        },
      },
      {
        data: { name: 'collective_rank' },
        mark: { type: 'text', align: 'left', baseline: 'middle', dx: 6, aria: false, color: paint('ink') },
        encoding: { x: x('reach'), y: laneY('middle'), text: { field: 'label', type: 'nominal' } },
      },
    ],
  },
  height: report => layout(report).height,
  margin: { left: LEFT, bottom: 40 },
  params: report => ({ most: RANK.rows(report).reduce((most, row) => Math.max(most, Number(row['reach'])), 1e-6) }),
  absent: ({ collectives }) => {
    if (collectives === null) return 'No collective of several ranks was seen.';
    if (collectives.ops > 0) return null;
    return collectives.point_to_point.ops > 0
      ? 'Sends and receives alone were seen, and no collective.'
      : 'No collective could be matched across ranks.';
  },
  describe: ({ collectives }) => {
    if (collectives === null) return '';
    const { ops, ranks, transfer_ms, wait_ms, jitter_ms, late } = collectives;
    const who = late.map(l => `${l.rank} was late ${count(l.count, 'time')}, others waited ${ms(l.wait_ms)}`);
    return `${count(ops, 'collective')} of ${count(ranks.length, 'rank')}: a mean rank transferred for ${ms(transfer_ms)} and waited for ${ms(wait_ms)}, of which ${ms(jitter_ms)} are jitter. ${who.join('; ')}${who.length > 0 ? '.' : 'No rank was late.'}`;
  },
};
