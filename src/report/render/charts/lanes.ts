import { z } from 'zod';
import type { Report } from '#schema/report';
import { defineTable, type Layer, type Table } from './chart.ts';
import { paint } from './palette.ts';
import { between } from './time-axis.ts';

export interface Group<Item> {
  readonly title: string;
  readonly items: readonly Item[];
}

interface Laid<Item> {
  readonly heads: readonly { readonly title: string; readonly at: number }[];
  readonly lanes: readonly { readonly item: Item; readonly group: number; readonly top: number; readonly bottom: number }[];
  readonly height: number;
}

const HEAD = 24;
const FOOT = 6;

/** Lanes one below the other, each group under a heading. In pixels: the charts are as high as what they hold. */
export function laid<Item>(groups: readonly Group<Item>[], lane: number): Laid<Item> {
  const heads: { title: string; at: number }[] = [];
  const lanes: Laid<Item>['lanes'][number][] = [];
  let at = 0;
  for (const [group, { title, items }] of groups.entries()) {
    heads.push({ title, at: at + HEAD / 2 });
    at += HEAD;
    for (const item of items) {
      lanes.push({ item, group, top: at, bottom: at + lane });
      at += lane;
    }
    at += FOOT;
  }
  return { heads, lanes, height: at };
}

const scale = { domain: between('0', 'height'), reverse: true, nice: false, zero: false };

/** Position in pixels: the axis is the chart's own height. */
export const laneY = <const Field extends string>(field: Field) => ({ field, type: 'quantitative' as const, axis: null, scale });

export const headTable = (name: string, heads: (report: Report) => Laid<unknown>['heads']): Table =>
  defineTable({
    name,
    schema: z.strictObject({ title: z.string(), at: z.number() }),
    columns: {},
    rows: report => heads(report).map(head => ({ ...head })),
  });

export const headLayer = (table: string): Layer => ({
  data: { name: table },
  mark: {
    type: 'text',
    align: 'left',
    baseline: 'middle',
    dx: 2,
    limit: { expr: 'width' },
    fontWeight: 600,
    aria: false,
    color: paint('ink'),
  },
  encoding: { x: { value: 0 }, y: laneY('at'), text: { field: 'title', type: 'nominal' } },
});

/** The end of an axis that leaves so many pixels for figures behind the longest bar, however narrow the page is. */
export const leaving = (pixels: number, least = '0') => `(most * width - ${pixels} * ${least}) / max(60, width - ${pixels})`;

/** Names of lanes, in the margin to their left. */
export const nameLayer = (table: string, margin: number): Layer => ({
  data: { name: table },
  mark: { type: 'text', align: 'right', baseline: 'middle', dx: -6, limit: margin - 10, aria: false, color: paint('muted') },
  encoding: { x: { value: 0 }, y: laneY('middle'), text: { field: 'name', type: 'nominal' } },
});
