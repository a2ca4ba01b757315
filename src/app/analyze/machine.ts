import { loggedXids } from '#app/inputs/logged-xids';
import type { Ns } from '#core/units';
import { activityOf } from '#machine/activity-of';
import { judgeMachine } from '#machine/judge';
import { linksIn, type MachineFacts, xidsIn } from '#machine/machine-facts';
import { merged } from '#machine/merged';
import { environmentFacts } from '#machine/nccl/environment';
import { rules } from '#machine/rules/index.gen';
import { sampled } from '#machine/sampled';
import type { Facts } from '#report/build/facts';
import type { GpuSampleRow } from '#schema/relation';
import type { MachineMeanwhile } from './machine-meanwhile.ts';
import { activityIn } from './server-activity.ts';

function* samplesIn({ aligned, window: [from, to] }: MachineMeanwhile): Generator<GpuSampleRow> {
  for (const row of aligned.gpu) if (row.t >= from && row.t <= to) yield row;
}

/** What the rules are told: the files, the snapshot of the capture, the environment, the samples of the window. */
function factsOf(given: MachineMeanwhile): MachineFacts {
  const { files, machine, session, window, aligned, environment } = given;
  const gpus = sampled(samplesIn(given));
  const [from, to] = window;
  const at = (t: Ns) => (session ?? 0n) + BigInt(Math.round(t));
  const all = [...machine.xids, ...loggedXids(files.map(f => f.series))];
  const facts = merged([
    ...files.flatMap(({ series }) => (series.kind === 'facts' ? series.rows : [])),
    ...environmentFacts(environment),
    ...machine.facts,
    ...gpus.facts,
  ]);
  return {
    xids: session === undefined ? all : xidsIn(all, at(from), at(to)),
    links: session === undefined ? machine.links : linksIn(machine.links, at(from), at(to)),
    facts,
    activity: activityIn(given, gpus.activity) ?? (aligned.hasRequests ? activityOf(facts) : undefined),
  };
}

/** What the rules find in the state of the machine while the window was open. */
export const judgedMachine = (given: MachineMeanwhile): Facts['machine'] => ({
  judgements: judgeMachine(rules, factsOf(given)),
  inputs: given.machine.inputs,
  notOurs: given.machine.notOurs,
  judged: new Set(rules.flatMap(r => [...r.judges])),
});
