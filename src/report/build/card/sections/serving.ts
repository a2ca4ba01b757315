import { percent } from '#core/format/numbers';
import type { Load } from '#schema/load';
import { notMeasured, row, type SectionOf, type Told } from '../documents.ts';
import { figuresOf } from './figures.ts';
import { isOnEnergy, targetRows } from './targets.ts';

const FIGURES = ['tok/s', 'req/s', 'ttft p50', 'ttft p99', 'tpot p50', 'e2e p50', 'e2e p95', 'e2e p99'];
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Whether requests were answered: one that was not has no latency, and those of the others are those of survivors. */
function answered({ source, data }: Told<Load>) {
  const requests = data.stages.map(stage => stage.requests);
  const [sent, ok] = [sum(requests.map(r => r.sent + r.never_sent)), sum(requests.map(r => r.ok))];
  if (sent === 0) return notMeasured('answers', 'nothing was sent', source);
  const why = data.stages.flatMap(stage => Object.keys({ ...stage.failures, ...stage.abandoned }));
  return row('answers', ok === 0 ? 'fail' : ok < sent ? 'warn' : 'pass', {
    ...{ figure: `${ok} of ${sent} (${percent(ok / sent)})`, value: ok / sent, limit: 'all', source },
    reason: [...new Set(why)].join(', '),
  });
}

/** Whether the load was sent as it was meant to be: else latencies are partly the client's. */
function kept({ source, data }: Told<Load>) {
  const late = data.stages.filter(stage => stage.schedule?.kept === false);
  if (data.stages.every(stage => stage.schedule === null)) return [];
  return [
    row('schedule of the load', late.length > 0 ? 'warn' : 'pass', {
      ...{ figure: late.length > 0 ? 'not kept' : 'kept', limit: 'kept', source, reason: late[0]?.schedule?.why ?? '' },
    }),
  ];
}

/** A replica that leaves requests without an answer while others answer theirs. */
const replicas = ({ source, data }: Told<Load>) =>
  data.stages
    .flatMap(stage => stage.replicas ?? [])
    .filter(replica => replica.ok < replica.sent)
    .map(({ url, ok, sent }) =>
      row(`answers of ${url}`, ok === 0 ? 'fail' : 'warn', {
        ...{ figure: `${ok} of ${sent} (${percent(ok / sent)})`, value: ok / sent, limit: 'all', source },
      }),
    );

/** What the server gave under load, against its targets. */
export const serving: SectionOf = documents => {
  const { loads, runs } = documents;
  const targets = targetRows(documents, target => !isOnEnergy(target));
  return {
    rows: [
      ...(loads.length + runs.length === 0 ? [notMeasured('load', 'forensics load, or a load in the plan, sends one')] : []),
      ...loads.flatMap(load => [answered(load), ...replicas(load), ...kept(load)]),
      ...(targets.length === 0 ? [notMeasured('latency and throughput', 'no targets were named (targets in the plan)')] : targets),
    ],
    figures: figuresOf(documents, FIGURES),
  };
};
