import Table from 'cli-table3';
import { count } from '#core/format/numbers';
import type { StoragePlan, StorageStep } from '#schema/storage-plan';
import type { StorageRun, StorageStepResult } from '#schema/storage-step';

const PLAIN = { head: [], border: [], compact: true };

const loadWords = ({ load }: StorageStep): string =>
  [
    load.concurrency === null ? `${load.rate_per_s}/s` : `${load.concurrency} in flight`,
    load.requests === null ? `${load.duration_s} s` : count(load.requests, 'request'),
    load.prompts,
    ...(load.adapters === null ? [] : [`${load.adapters.list} adapters ${load.adapters.session}`]),
  ].join(', ');

const contentionWords = ({ contention: of }: StorageStep): string =>
  of === null ? '' : `${of.jobs} × ${of.iodepth} reads of ${of.block_kib} KiB${of.rate_iops === null ? '' : `, ${of.rate_iops}/s each`}`;

/** All steps of a plan in their order. */
export function planWords({ steps, seed, least_s }: StoragePlan): string {
  const table = new Table({ head: ['step', 'server', 'load', 'beside it', 'before it'], style: PLAIN });
  for (const step of steps) {
    const before = [
      ...(step.restart ? ['restart'] : []),
      ...(step.drop === 'none' ? [] : [`drop ${step.drop}`]),
      ...(step.prime ? ['fill the page cache'] : []),
    ];
    table.push([step.id, step.server, loadWords(step), contentionWords(step), before.join(', ')]);
  }
  return `${table}\n${count(steps.length, 'step')} in the order of seed ${seed}; their loads take ${Math.ceil(least_s / 60)} min at least`;
}

const ms = (n: number | null): string => (n === null ? '–' : n.toPrecision(3));

/** What became of a step. @param left steps that are still to be run */
export function stepWords(step: StorageStep, result: StorageStepResult, left: number): string {
  if (result.status === 'failed') return `${step.id} failed: ${result.why} (${left} to go)`;
  const { figures, requests } = result;
  const storage =
    figures === null ? '' : `; reads ${ms(figures.rps_storage)}/s, each ${ms(figures.r_await_ms)} ms, iowait ${ms(figures.io_wait_pct)} %`;
  return `${step.id}: ${requests?.ok ?? 0} of ${requests?.sent ?? 0} requests ok${storage} (${left} to go)`;
}

export function runWords({ steps: { planned, ok, failed }, missing }: StorageRun, folder: string): string {
  return [
    failed === 0
      ? `All ${count(planned, 'step')} are done.`
      : `${ok} of ${count(planned, 'step')} are done, ${failed} failed: see why in their step.json.`,
    ...missing.map(what => `note: ${what}`),
    `Wrote them to ${folder}`,
  ].join('\n');
}
