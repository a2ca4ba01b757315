import type { TopLevelSpec } from 'vega-lite';
import { dollars } from '#core/format/numbers';
import type { Sweep } from '#schema/sweep';
import { paint } from '../charts/palette.ts';
import { axisTitle, figureOf, SIZE, type SweepChart } from './sweep-chart.ts';

/** Settings by two figures; those that no other beats are filled. */
function tradeOff(
  rows: readonly { readonly x: number; readonly y: number; readonly value: string; readonly best: boolean }[],
  [xTitle, yTitle]: readonly [string, string],
): TopLevelSpec {
  const x = { field: 'x', type: 'quantitative', title: xTitle, scale: { zero: true } } as const;
  const y = { field: 'y', type: 'quantitative', title: yTitle, scale: { zero: true } } as const;
  return {
    ...SIZE,
    data: { values: [...rows] },
    layer: [
      {
        transform: [{ filter: 'datum.best' }],
        mark: { type: 'line', color: paint('line'), aria: false },
        encoding: { x, y, order: { field: 'x', type: 'quantitative' } },
      },
      {
        mark: { type: 'point', size: 55, stroke: paint('series-1') },
        encoding: {
          x,
          y,
          fill: { condition: { test: 'datum.best', value: paint('series-1') }, value: 'transparent' },
          description: { field: 'value', type: 'nominal' },
        },
      },
      {
        mark: { type: 'text', align: 'left', dx: 7, dy: -6, color: paint('ink'), aria: false },
        encoding: { x, y, text: { field: 'value', type: 'nominal' } },
      },
    ],
  };
}

/** Throughput against latency; none where either is missing. */
export function latencyTradeOff(sweep: Sweep): SweepChart[] {
  const { latency, metric, unit, points, pareto } = sweep;
  const rows = points.flatMap(point => {
    const [throughput, ms] = [figureOf(point, metric), latency === null ? undefined : figureOf(point, latency)];
    return throughput === undefined || ms === undefined
      ? []
      : [{ x: ms.mean, y: throughput.mean, value: point.value, best: pareto.includes(point.value) }];
  });
  if (rows.length < 2 || latency === null) return [];
  const reading = 'A filled point is beaten by no other: none has more throughput and less latency.';
  return [
    {
      name: 'pareto-latency',
      title: `Throughput against ${latency}`,
      reading,
      spec: tradeOff(rows, [`${latency} (ms)`, axisTitle(metric, unit)]),
    },
  ];
}

/** Throughput against cost; none without prices. */
export function costTradeOff({ cost, metric, unit, points }: Sweep): SweepChart[] {
  const rows = points.flatMap((point, i) => {
    const [throughput, usd] = [figureOf(point, metric), cost?.rows[i]?.cost?.usd_per_million_tokens];
    return throughput === undefined || usd === undefined
      ? []
      : [{ x: usd, y: throughput.mean, value: `${point.value}: ${dollars(usd)}`, best: false }];
  });
  if (rows.length < 2) return [];
  const beats = (a: (typeof rows)[number], b: (typeof rows)[number]) => a.x <= b.x && a.y >= b.y && (a.x < b.x || a.y > b.y);
  const marked = rows.map(row => ({ ...row, best: !rows.some(other => beats(other, row)) }));
  const reading = 'A filled point is beaten by no other: none has more throughput at less cost.';
  return [
    {
      name: 'pareto-cost',
      title: 'Throughput against cost',
      reading,
      spec: tradeOff(marked, ['$ for a million tokens', axisTitle(metric, unit)]),
    },
  ];
}
