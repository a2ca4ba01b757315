import { count, interval, ms, percent, plain } from '#core/format/numbers';
import type { Latency, Report } from '#schema/report';
import { GROUPS } from '../charts/latency-distribution.ts';
import { WHERE_TIME_WENT } from '../terms.ts';
import { causeTitle, INTENDED, METRIC_TEXT, mainLatency, NO_REQUESTS, overTime, traceWords, whatIf } from '../wording.ts';
import { table } from './text.ts';

const row = (which: string) => (l: Latency) => [
  METRIC_TEXT[l.metric],
  which,
  plain(l.n),
  ms(l.p50_ms),
  ms(l.p95_ms),
  ms(l.p99_ms),
  interval(l.p99_ci_ms),
  ms(l.max_ms),
];

export function latency(report: Report): string[] {
  if (report.requests === null) return [NO_REQUESTS, ''];
  const blocks = overTime(report);
  const { total, finished, judged, slow, slow_threshold_ms } = report.requests;
  return [
    `${count(total, 'request')}; ${plain(finished)} finished. The ${plain(judged)} that ${traceWords(report).inside} are judged: ${plain(slow)} took more than ${ms(slow_threshold_ms)} longer than expected for their work.`,
    '',
    ...table(
      ['Metric', 'Requests', 'n', 'p50', 'p95', 'p99', '95 % interval of p99', 'Longest'],
      [
        ...report.latency.map(row('all')),
        ...report.latency_intended.map(row(INTENDED)),
        ...report.latency_inside.map(row(GROUPS[0])),
        ...report.latency_outside.map(row(GROUPS[1])),
      ],
      [2, 3, 4, 5, 7],
    ),
    ...(blocks === undefined ? [] : [blocks, '']),
  ];
}

export function books(report: Report): string[] {
  const parts = report.books.parts.filter(p => p.cause !== 'unexplained');
  return [
    WHERE_TIME_WENT,
    '',
    ...table(
      ['Cause', 'Time lost', 'Share'],
      [
        ...parts.map(p => [causeTitle(p.cause), ms(p.excess_ms), percent(p.share)]),
        [causeTitle('unexplained'), ms(report.unexplained.excess_ms), percent(report.unexplained.share)],
        ['Total', ms(report.books.excess_ms), ''],
      ],
      [1, 2],
    ),
  ];
}

export function without(report: Report): string[] {
  const actual = mainLatency(report);
  if (report.causes.length === 0 || actual === undefined) return ['No cause was found, so there is nothing to leave out.', ''];
  return table(
    ['p99', 'Range'],
    [
      [`measured (${METRIC_TEXT[actual.metric].toLowerCase()})`, ms(actual.p99_ms)],
      ...report.causes.map(c => [
        `without ${causeTitle(c.cause).replace(/^[A-Z](?=[a-z])/, first => first.toLowerCase())}`,
        whatIf(c.p99_without_ms),
      ]),
    ],
    [1],
  );
}
