import { METRICS, type MetricKey } from './catalogue.ts';

/** A panel: what it shows, of which metric, how its series are called, and Grafana's name of the unit. */
interface Panel {
  readonly title: string;
  readonly metric: MetricKey;
  readonly where?: string;
  readonly legend: string;
  readonly unit: string;
  readonly type: 'bargauge' | 'stat' | 'table' | 'timeseries';
}

const PANELS: readonly Panel[] = [
  { title: 'Findings', metric: 'findings', legend: '{{run}} {{severity}}', unit: 'none', type: 'stat' },
  { title: 'What was found', metric: 'finding', legend: '{{run}} {{severity}} {{id}}', unit: 'none', type: 'table' },
  { title: 'p99', metric: 'latency', where: 'statistic="p99"', legend: '{{run}} {{metric}}', unit: 's', type: 'timeseries' },
  { title: 'Delay by cause', metric: 'causeDelay', legend: '{{run}} {{cause}}', unit: 's', type: 'bargauge' },
  { title: 'Delay that nothing explains', metric: 'unexplained', legend: '{{run}}', unit: 'percentunit', type: 'stat' },
  { title: 'Time of each GPU', metric: 'deviceTime', legend: '{{run}} {{device}} {{state}}', unit: 's', type: 'bargauge' },
  { title: 'Output tokens a second', metric: 'loadTokens', legend: '{{run}} {{concurrency}}', unit: 'none', type: 'timeseries' },
  { title: 'Bubble', metric: 'bubble', legend: '{{run}} {{schedule}} stage {{stage}} {{by}}', unit: 'percentunit', type: 'bargauge' },
  {
    title: 'Compute of a microbatch',
    metric: 'microbatch',
    where: 'statistic="median"',
    legend: '{{run}} {{schedule}} rank {{rank}} {{operation}}',
    unit: 's',
    type: 'bargauge',
  },
  { title: 'Iteration', metric: 'iteration', where: 'statistic="median"', legend: '{{run}} {{schedule}}', unit: 's', type: 'timeseries' },
  { title: 'Beyond the bubble of theory', metric: 'pipelineExcess', legend: '{{run}} {{schedule}} {{why}}', unit: 's', type: 'bargauge' },
  {
    title: 'Mean power',
    metric: 'meteredPower',
    where: 'statistic="mean"',
    legend: '{{run}} {{entity}}',
    unit: 'watt',
    type: 'timeseries',
  },
  { title: 'Energy', metric: 'energy', legend: '{{run}} {{level}}', unit: 'joule', type: 'stat' },
  { title: 'Tokens for a joule', metric: 'tokensPerJoule', legend: '{{run}} {{level}}', unit: 'none', type: 'stat' },
  { title: 'Utilization of each GPU', metric: 'utilization', legend: '{{run}} GPU {{gpu}}', unit: 'percentunit', type: 'bargauge' },
  { title: 'Checks', metric: 'check', legend: '{{run}} {{check}} {{verdict}}', unit: 'none', type: 'table' },
];

const [WIDTH, HEIGHT, COLUMNS] = [12, 8, 2];
const SOURCE = { type: 'prometheus', uid: '$datasource' };

/** A dashboard for Grafana 9 and later, over a Prometheus that it asks for; a variable chooses the runs. */
export const dashboardJson = (): string =>
  `${JSON.stringify(
    {
      title: 'forensics',
      uid: 'forensics',
      tags: ['forensics', 'gpu'],
      schemaVersion: 38,
      time: { from: 'now-7d', to: 'now' },
      templating: {
        list: [
          { name: 'datasource', type: 'datasource', query: 'prometheus' },
          {
            ...{ name: 'run', type: 'query', datasource: SOURCE, multi: true, includeAll: true, refresh: 2 },
            query: { query: `label_values(${METRICS.run.name}, run)`, refId: 'run' },
          },
        ],
      },
      panels: PANELS.map(({ title, metric, where, legend, unit, type }, i) => ({
        ...{ id: i + 1, type, title, description: METRICS[metric].help, datasource: SOURCE },
        gridPos: { x: (i % COLUMNS) * WIDTH, y: Math.floor(i / COLUMNS) * HEIGHT, w: WIDTH, h: HEIGHT },
        fieldConfig: { defaults: { unit }, overrides: [] },
        targets: [
          {
            ...{ refId: 'A', datasource: SOURCE, legendFormat: legend, instant: type !== 'timeseries' },
            expr: `${METRICS[metric].name}{run=~"$run"${where === undefined ? '' : `,${where}`}}`,
          },
        ],
      })),
    },
    null,
    2,
  )}\n`;
