import { z } from 'zod';
import { plain } from '#core/format/numbers';
import type { StorageHypothesisResult, StoragePicture } from '#schema/storage-analysis';
import { type Chart, defineTable, type Layer } from '../charts/chart.ts';
import { paint } from '../charts/palette.ts';
import { seriesOf } from '../charts/series.ts';

const HEIGHT = 260;
const NOTHING: StoragePicture = { x: '', arms: null, y: '', points: [], lines: [], marks: [] };

/** What a chart is drawn from: a hypothesis of one model. Its tables stand on one page with those of others. */
export interface Drawn {
  readonly model: string;
  readonly result: StorageHypothesisResult;
}
const pictureOf = ({ result }: Drawn): StoragePicture => result.picture ?? NOTHING;

/** A name that may stand in an id and in a selector. */
const nameOf = ({ model, result }: Drawn): string => `${model.replace(/[^\w-]/g, '_')}-${result.code}`;

const point = z.strictObject({ run: z.string(), x: z.number(), y: z.number(), series: z.string(), label: z.string() });
const line = z.strictObject({ series: z.string(), x: z.number(), y: z.number() });
const mark = z.strictObject({ label: z.string(), x: z.number(), low: z.number(), high: z.number() });

const tablesOf = (drawn: Drawn) => {
  const { x, y } = pictureOf(drawn);
  const name = nameOf(drawn);
  return {
    points: defineTable({
      name: `${name}-runs`,
      schema: point,
      columns: { run: 'Run', series: 'Series', x, y },
      rows: (of: Drawn) => pictureOf(of).points.map(p => ({ ...p, label: `${p.run}: ${plain(p.x)}, ${plain(p.y)}` })),
    }),
    lines: defineTable({
      name: `${name}-lines`,
      schema: line,
      columns: {},
      rows: (of: Drawn) => pictureOf(of).lines.map(l => ({ series: l.series, x: l.x, y: l.y })),
    }),
    marks: defineTable({ name: `${name}-marks`, schema: mark, columns: {}, rows: (of: Drawn) => pictureOf(of).marks }),
  };
};

const scale = { zero: false, nice: true } as const;

/** The layers of what there is: a layer without rows would have no domain. */
function layersOf(drawn: Drawn, tables: ReturnType<typeof tablesOf>): Layer[] {
  const picture = pictureOf(drawn);
  const { arms } = picture;
  const axis =
    arms === null
      ? ({ title: picture.x, tickCount: 6 } as const)
      : { title: picture.x, values: arms.map((_, i) => i), labelExpr: `${JSON.stringify(arms)}[datum.value]`, grid: false };
  // Half a step beside the first and the last arm.
  const across = arms === null ? scale : { domain: [-0.5, arms.length - 0.5], nice: false, zero: false };
  const x = (field: string) => ({ field, type: 'quantitative', scale: across, axis }) as const;
  const y = { field: 'y', type: 'quantitative', scale, axis: { title: picture.y, tickCount: 5 } } as const;
  const series = seriesOf(picture.points.map(p => p.series));
  const colour = {
    field: 'series',
    type: 'nominal',
    scale: { domain: series.map(s => s.name), range: series.map(s => s.colour) },
    legend: null,
  } as const;
  return [
    ...(picture.marks.length === 0
      ? []
      : ([
          {
            data: { name: tables.marks.name },
            mark: { type: 'rect', aria: false, color: paint('shade') },
            encoding: { x: x('low'), x2: { field: 'high' } },
          },
          { data: { name: tables.marks.name }, mark: { type: 'rule', aria: false, color: paint('muted') }, encoding: { x: x('x') } },
        ] satisfies Layer[])),
    ...(picture.lines.length === 0
      ? []
      : ([
          {
            data: { name: tables.lines.name },
            mark: { type: 'line', aria: false, strokeWidth: 1.5, color: paint('muted') },
            encoding: { x: x('x'), y, detail: { field: 'series', type: 'nominal' } },
          },
        ] satisfies Layer[])),
    {
      data: { name: tables.points.name },
      mark: { type: 'point', filled: true, size: 42, opacity: 0.8 },
      encoding: { x: x('x'), y, color: colour, description: { field: 'label', type: 'nominal' } },
    },
  ];
}

/** The chart of one hypothesis: each run as a point, what was fitted through them, and the knee with its interval. */
export function hypothesisChart(drawn: Drawn): Chart<Drawn> {
  const { result } = drawn;
  const tables = tablesOf(drawn);
  return {
    name: nameOf(drawn),
    title: `${result.code}: ${pictureOf(drawn).y} over ${pictureOf(drawn).x}`,
    reading: result.reading,
    tables: [tables.points, tables.lines, tables.marks],
    spec: { layer: layersOf(drawn, tables) },
    height: () => HEIGHT,
    margin: { left: 66, bottom: 42 },
    absent: of => (pictureOf(of).points.length === 0 ? result.answer : null),
    describe: of => `${of.result.claim} ${of.result.answer}`,
  };
}

/** The runs of a chart by colour, where there are several kinds. */
export const legendOf = ({ result }: Drawn) => {
  const names = seriesOf((result.picture ?? NOTHING).points.map(p => p.series));
  return names.length < 2 ? [] : names;
};
