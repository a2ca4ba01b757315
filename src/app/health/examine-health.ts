import { basename } from 'node:path';
import type { Surroundings } from '#app/inputs/scratch';
import { version } from '#app/version';
import { ForensicsError } from '#core/errors';
import { gpusOf } from '#machine/gpus';
import { judgeMachine, untold } from '#machine/judge';
import type { ExpectedGpus, MachineFacts } from '#machine/machine-facts';
import { nvlinkSummary } from '#machine/nvlink-summary';
import { rules } from '#machine/rules/index.gen';
import { wordHealth } from '#report/build/machine/health';
import type { Health } from '#schema/health';
import type { Snapshot } from '#schema/snapshot';
import { factsOf, measuredIn } from './evidence-facts.ts';
import { gather } from './gather.ts';

/** Whose health is asked for. */
export interface HealthRequest {
  /** A folder of saved outputs, or a snapshot.json; this machine as it is now otherwise. */
  readonly from: string | undefined;
  readonly expected: ExpectedGpus | undefined;
  readonly cwd: string;
}

/** A machine without GPUs gets no clean bill. @throws ForensicsError unsupported */
function assertGpus({ facts }: MachineFacts, missing: Snapshot['missing']): void {
  if (gpusOf(facts).length > 0) return;
  const why = missing.find(m => m.why.includes('nvidia-smi'))?.why;
  throw new ForensicsError(
    'unsupported',
    `there is no GPU to judge here${why === undefined ? '' : `: ${why}`}`,
    'Run it on the GPU machine, or give what was saved there with --from.',
  );
}

/**
 * Judges a machine by the rules, as it is now or as saved outputs tell it.
 * @throws ForensicsError not-found; bad-argument where a folder tells nothing of a machine; bad-record; unsupported where there is no GPU
 */
export async function examineHealth(request: HealthRequest, around: Surroundings): Promise<Health> {
  const evidence = await gather(request.from, request.cwd, around);
  const facts = factsOf(evidence, request.expected);
  const { sources, notes, missing } = evidence.snapshot;
  // What a folder lacks, the rules that it leaves without an answer say.
  const lacking = request.from === undefined ? missing.map(({ what, why }) => `${what}: ${why}`) : [];
  const judgements = judgeMachine(rules, facts);
  if (request.from === undefined && judgements.length === 0) assertGpus(facts, missing);
  return wordHealth({
    ...{ facts, rules, judgements, notes: [...notes, ...lacking], version: version() },
    untold: untold(rules, facts),
    nvlink: nvlinkSummary(measuredIn(evidence), facts.facts),
    sources: [...sources.map(s => s.what), ...evidence.files.map(f => basename(f.path))],
  });
}
