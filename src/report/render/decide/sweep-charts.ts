import type { Spec } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import { plain } from '#core/format/numbers';
import type { Sweep } from '#schema/sweep';
import { strictLogger } from '../charts/compile.ts';
import { toSvg } from '../charts/draw.ts';
import { inLightColours, paint } from '../charts/palette.ts';
import { THEME } from '../charts/theme.ts';
import { axisTitle, figureOf, SIZE, type SweepChart } from './sweep-chart.ts';
import { costTradeOff, latencyTradeOff } from './sweep-trade-offs.ts';

/** Points of a curve that is drawn. */
const CURVE = 60;

const isNumbers = ({ points }: Sweep): boolean => points.every(point => point.number !== null && point.number > 0);

/** The axis of settings: logarithmic where they are numbers, as sweeps go by doublings. */
const settingAxis = (sweep: Sweep) =>
  isNumbers(sweep)
    ? ({
        field: 'setting',
        type: 'quantitative',
        scale: { type: 'log', base: 2, nice: false, padding: 14 },
        title: sweep.over,
        axis: { format: '~s', tickCount: 8 },
      } as const)
    : ({ field: 'setting', type: 'nominal', sort: null, title: sweep.over } as const);

function rowsOf(sweep: Sweep, metric: string) {
  return sweep.points.flatMap(point => {
    const figure = figureOf(point, metric);
    if (figure === undefined) return [];
    const setting = isNumbers(sweep) ? (point.number ?? 0) : point.value;
    const [low, high] = figure.ci ?? [figure.mean, figure.mean];
    return [
      {
        setting,
        value: figure.mean,
        low: low ?? figure.mean,
        high: high ?? figure.mean,
        label: `${sweep.over} ${point.value}: ${plain(figure.mean)} ${figure.unit}`,
      },
    ];
  });
}

type Layer = Extract<TopLevelSpec, { layer: unknown }>['layer'][number];

/** The fitted law as a dashed line; none without one. */
function lawLayer(sweep: Sweep): Layer[] {
  const numbers = sweep.points.flatMap(point => point.number ?? []);
  const [from, to] = [Math.min(...numbers), Math.max(...numbers)];
  if (sweep.usl === null || !(from > 0)) return [];
  const { gamma, alpha, beta } = sweep.usl;
  const values = Array.from({ length: CURVE + 1 }, (_, i) => {
    const setting = from * (to / from) ** (i / CURVE);
    return { setting, value: (gamma * setting) / (1 + alpha * (setting - 1) + beta * setting * (setting - 1)) };
  });
  return [
    {
      data: { values },
      mark: { type: 'line', strokeDash: [5, 4], color: paint('muted'), aria: false },
      encoding: { x: settingAxis(sweep), y: { field: 'value', type: 'quantitative' } },
    },
  ];
}

const kneeLayer = (sweep: Sweep): Layer[] =>
  sweep.knee.at === null || !isNumbers(sweep)
    ? []
    : [
        {
          data: { values: [{ setting: sweep.knee.at }] },
          mark: { type: 'rule', color: paint('inside'), strokeWidth: 1.5, aria: false },
          encoding: { x: settingAxis(sweep) },
        },
      ];

/** A figure over the settings, with intervals where runs were repeated. */
function overSettings(sweep: Sweep, metric: string, title: string, more: readonly Layer[]): TopLevelSpec {
  const x = settingAxis(sweep);
  const y = { field: 'value', type: 'quantitative', title, scale: { zero: true } } as const;
  return {
    ...SIZE,
    layer: [
      ...more,
      {
        data: { values: rowsOf(sweep, metric) },
        layer: [
          ...(isNumbers(sweep) ? [{ mark: { type: 'line', color: paint('series-1'), aria: false }, encoding: { x, y } } as const] : []),
          {
            mark: { type: 'rule', color: paint('series-1'), aria: false },
            encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' } },
          },
          {
            mark: { type: 'point', filled: true, size: 45, color: paint('series-1') },
            encoding: { x, y, description: { field: 'label', type: 'nominal' } },
          },
        ],
      },
    ],
  };
}

/** The charts of a sweep that it can fill. */
export function sweepCharts(sweep: Sweep): readonly SweepChart[] {
  const { metric, unit, latency, over } = sweep;
  const reading = `${sweep.knee.at === null ? '' : 'The upright line is the knee. '}${sweep.usl === null ? '' : 'Dashed: the universal scalability law. '}Bars are 95 % intervals over runs, where there are several.`;
  return [
    {
      name: 'throughput',
      title: `Throughput over ${over}`,
      reading,
      spec: overSettings(sweep, metric, axisTitle(metric, unit), [...lawLayer(sweep), ...kneeLayer(sweep)]),
    },
    ...(latency === null
      ? []
      : [
          {
            name: 'latency',
            title: `${latency} over ${over}`,
            reading: 'Bars are 95 % intervals over runs, where there are several.',
            spec: overSettings(sweep, latency, `${latency} (ms)`, []),
          },
        ]),
    ...latencyTradeOff(sweep),
    ...costTradeOff(sweep),
  ];
}

/** For use elsewhere: plain colours, and a scheme that any viewer of Vega-Lite knows. */
export const standalone = ({ title, spec }: SweepChart): object =>
  inLightColours({ $schema: 'https://vega.github.io/schema/vega-lite/v6.json', title, ...spec, config: { ...THEME, background: 'white' } });

/** The picture of a chart, for a page. */
export const pictureOf = ({ name, title, spec }: SweepChart): Promise<string> =>
  toSvg(compile({ ...spec, description: title, config: THEME } as TopLevelSpec, { logger: strictLogger }).spec as Spec, name);
