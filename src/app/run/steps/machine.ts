import { writeFiles } from '#app/files/write-files';
import { examineHealth } from '#app/health/examine-health';
import { expectedGpusOf } from '#app/health/expected-gpus';
import { takeSnapshot } from '#app/snapshot/take-snapshot';
import { writeSnapshot } from '#app/snapshot/write-snapshot';
import { ForensicsError } from '#core/errors';
import { systemSnapshot } from '#record/samplers/snapshot/system-snapshot';
import { systemInfo } from '#report/render/guide/system-info';
import type { Health } from '#schema/health';
import type { Plan } from '#schema/plan';
import type { RunStep } from '../context.ts';
import { serverEnv } from '../server-wish.ts';

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** What the machine is, and what it runs: for the card, and to be compared with another time. */
export const snapshotStep: RunStep = {
  id: 'snapshot',
  what: 'ask the machine for its GPUs, links, versions and variables',
  kind: 'measured',
  asksServer: false,
  files: ['snapshot.json', 'snapshot.html', 'snapshot.md', 'system.json', 'system_info.txt'],
  act: async ({ plan, place, env, cwd, tell }) => {
    const own = { env: serverEnv(plan, env), cwd };
    const system = await systemSnapshot(own);
    const snapshot = await takeSnapshot({ ...own, host: system }, tell);
    writeFiles(place.path, { 'system.json': json(system), 'system_info.txt': systemInfo(system) });
    await writeSnapshot(place.of('snapshot.json'), snapshot, undefined);
    return snapshot.missing.map(({ what, why }) => `not known: ${what} (${why})`);
  },
};

/** From how grave a finding on the run is stopped. */
const STOPS: Readonly<Record<Plan['stop_at'], readonly Health['findings'][number]['severity'][]>> = {
  ...{ high: ['high'], medium: ['high', 'medium'], low: ['high', 'medium', 'low'], never: [] },
};

function refuse(health: Health, { expect, stop_at }: Plan): void {
  if (expect !== undefined && health.machine.gpus === 0)
    throw new ForensicsError('unsupported', `there is no GPU here, and the plan expects ${expect}`, 'Run it on that machine.');
  const grave = health.findings.filter(f => STOPS[stop_at].includes(f.severity));
  const [first] = grave;
  if (first !== undefined)
    throw new ForensicsError(
      'unsupported',
      `the machine is not fit to be measured: ${grave.map(f => f.title).join('; ')}`,
      `${first.advice} (stop_at: never measures all the same.)`,
    );
}

/** Number and model of the GPUs, variables of NCCL, links: whether what follows would be worth anything. */
export const preflightStep: RunStep = {
  id: 'preflight',
  what: 'judge the machine by the rules of forensics doctor --machine, and stop where they say so',
  kind: 'measured',
  asksServer: false,
  files: ['preflight.json'],
  act: async ({ plan, place, env, cwd, tell }) => {
    const expected = plan.expect === undefined ? undefined : expectedGpusOf(plan.expect);
    const health = await examineHealth({ from: place.of('snapshot.json'), expected, cwd }, { env: serverEnv(plan, env), progress: tell });
    writeFiles(place.path, { 'preflight.json': json(health) });
    refuse(health, plan);
    return health.machine.gpus === 0 ? ['there is no GPU here: nothing of one was judged'] : [];
  },
};
