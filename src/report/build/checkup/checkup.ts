import { count } from '#core/format/numbers';
import type { Checkup } from '#schema/checkup';
import { machineFindings } from '../machine/findings.ts';
import { checksOf, isFault } from './checks.ts';
import { expectedOf } from './expected.ts';
import type { CheckupFacts } from './facts.ts';
import { activeWords, unknownWords } from './wording.ts';

/** The verdict in one sentence. */
function answerOf({ findings, checks }: Pick<Checkup, 'findings' | 'checks'>, facts: CheckupFacts): string {
  const faults = findings.filter(isFault);
  const [worst] = faults;
  const more = faults.length < 2 ? '' : ` And ${count(faults.length - 1, 'more thing')}.`;
  if (worst !== undefined) return `Something is wrong: ${worst.title}.${more}`;
  const failed = checks.find(c => c.verdict === 'fail');
  if (failed !== undefined) return `Something is wrong: ${failed.detail}`;
  const { gpus, isUnderLoad } = facts.activity;
  const many = gpus.length === 1 ? 'the GPU' : `all ${gpus.length} GPUs`;
  if (!isUnderLoad) return `Nothing is wrong as far as it shows at rest: no request was sent.`;
  return `Nothing is wrong, as far as it was looked at: ${many} ${gpus.length === 1 ? 'works' : 'work'} (${activeWords(gpus)}).`;
}

/** Puts what was seen of a server and its GPUs into a checkup. */
export function wordCheckup(facts: CheckupFacts): Checkup {
  const findings = machineFindings(facts.judgements);
  const checks = checksOf(facts, findings);
  return {
    schema: 'forensics.checkup/1',
    tool: { name: 'forensics', version: facts.version },
    kind: facts.kind,
    asked: facts.asked,
    answer: answerOf({ findings, checks }, facts),
    checks,
    gpus: facts.activity.gpus.map(g => ({
      gpu: g.gpu,
      name: g.name ?? null,
      memory_used_mib: g.memoryUsedMib ?? null,
      memory_total_mib: g.memoryTotalMib ?? null,
      utilization_pct: g.utilizationPct ?? null,
      readings: g.readings,
    })),
    utilization: facts.rounds.map(round => ({
      time: round[0]?.time ?? '',
      gpus: round.map(({ gpu, utilizationPct }) => ({ gpu, pct: utilizationPct })),
    })),
    model: facts.model,
    concurrency: facts.concurrency,
    loads: [...facts.loads],
    expected: expectedOf(facts),
    findings,
    cannot_tell: unknownWords(facts),
  };
}
