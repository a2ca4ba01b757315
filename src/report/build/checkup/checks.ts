import { count, plain } from '#core/format/numbers';
import type { Check, Checkup, CheckVerdict } from '#schema/checkup';
import type { Finding } from '#schema/report';
import type { CheckupFacts } from './facts.ts';
import { activeWords, loadWords, memoryWords } from './wording.ts';

type Told = Checkup['checks'][number];

/** What `--quick` looks at; `--full` looks at all. */
const QUICK: readonly Check[] = ['memory', 'throughput', 'activity'];
const FULL: readonly Check[] = ['hardware', 'tensor-parallel', 'memory', 'nccl', 'throughput', 'activity', 'configuration'];

/** Where a finding belongs, by its rule; to the hardware otherwise. */
const CHECK_OF: Readonly<Record<string, Check>> = {
  'idle-gpus': 'activity',
  'uneven-activity': 'activity',
  'slow-server': 'throughput',
  'busy-but-slow': 'throughput',
  'uneven-memory': 'memory',
  'out-of-memory': 'memory',
  'kv-cache-limit': 'memory',
  'tensor-parallel-size': 'tensor-parallel',
  'nccl-errors': 'nccl',
  'nccl-p2p-disabled': 'configuration',
  'nccl-settings': 'configuration',
  'unknown-nccl-variables': 'configuration',
};
const checkOf = (finding: Finding): Check => CHECK_OF[finding.id.replace(/^machine-/, '')] ?? 'hardware';

/** Whether a finding asks for something to be done. */
export const isFault = ({ severity }: Finding): boolean => severity === 'high' || severity === 'medium';

const factOf = ({ looked }: CheckupFacts, entity: string, name: string) =>
  looked.facts.find(f => f.entity === entity && f.name === name)?.value;
const UNKNOWN = 'no log of the server was read.';

function hardware({ activity, looked }: CheckupFacts): string {
  const names = [...new Set(activity.gpus.map(g => g.name ?? 'GPU of no name'))];
  const models = names.map(name => `${activity.gpus.filter(g => (g.name ?? 'GPU of no name') === name).length} × ${name}`);
  const links = looked.facts.filter(f => f.name === 'link' && /^GPU \d+-GPU \d+$/.test(f.entity));
  const kinds = [...new Set(links.map(l => String(l.value)))];
  const joined = kinds.map(kind => `${count(links.filter(l => l.value === kind).length, 'pair')} by ${kind}`);
  return `${models.join(', ')}${joined.length === 0 ? '' : `; joined: ${joined.join(', ')}`}.`;
}

/** Settings of the server that decide what it can give, as its log names them. */
const SETTINGS = [
  'tensor_parallel_size',
  'pipeline_parallel_size',
  'max_model_len',
  'gpu_memory_utilization',
  'dtype',
  'kv_cache_tokens',
] as const;

/** What is seen where nothing is wrong, or why nothing is seen. */
function seenBy(check: Check, facts: CheckupFacts): Omit<Told, 'check'> {
  const { activity, loads, concurrency, expectedBy, looked } = facts;
  switch (check) {
    case 'hardware':
      return { verdict: 'pass', detail: hardware(facts) };
    case 'memory':
      return {
        verdict: activity.gpus.some(g => g.memoryUsedMib !== undefined) ? 'pass' : 'cannot-tell',
        detail: memoryWords(activity.gpus),
      };
    case 'activity': {
      const detail = `${activity.gpus.length === 1 ? 'The GPU is' : `All ${activity.gpus.length} GPUs are`} ${activeWords(activity.gpus)}.`;
      const isKnown = activity.isUnderLoad && activity.gpus.every(g => g.utilizationPct !== undefined);
      return { verdict: isKnown ? 'pass' : 'cannot-tell', detail: activity.isUnderLoad ? detail : `No request was in flight. ${detail}` };
    }
    case 'throughput': {
      const words = loads.map((load, i) => loadWords(load, i === loads.length - 1 ? (concurrency ?? 1) : 1));
      if (loads.length === 0) return { verdict: 'cannot-tell', detail: 'No request was sent.' };
      if (loads.some(l => l.ok === 0 && l.failed > 0))
        return { verdict: 'fail', detail: `Requests are not answered. ${words.join('; ')}.` };
      return { verdict: expectedBy === undefined ? 'cannot-tell' : 'pass', detail: `${words.join('; ')}.` };
    }
    case 'tensor-parallel': {
      const size = factOf(facts, 'vLLM', 'tensor_parallel_size');
      if (typeof size !== 'number') return { verdict: 'cannot-tell', detail: `The size is not known: ${UNKNOWN}` };
      return { verdict: 'pass', detail: `The server runs with a size of ${plain(size)} on ${count(activity.gpus.length, 'GPU')}.` };
    }
    case 'nccl':
      return looked.logs === 0
        ? { verdict: 'cannot-tell', detail: `Errors are not known: ${UNKNOWN}` }
        : {
            verdict: 'pass',
            detail: `${count(looked.logs, 'log')} of the server ${looked.logs === 1 ? 'tells' : 'tell'} of no error of NCCL.`,
          };
    case 'configuration': {
      const told = SETTINGS.flatMap(name => {
        const value = factOf(facts, 'vLLM', name);
        return value === undefined ? [] : [`${name} ${String(value)}`];
      });
      return told.length === 0
        ? { verdict: 'cannot-tell', detail: `Settings are not known: ${UNKNOWN}` }
        : { verdict: 'pass', detail: `${told.join(', ')}.` };
    }
  }
}

function verdictOf(findings: readonly Finding[]): CheckVerdict {
  if (findings.some(f => f.severity === 'high')) return 'fail';
  return findings.some(isFault) ? 'warn' : 'pass';
}

/** The checks of a checkup: what was seen, or what is wrong. */
export const checksOf = (facts: CheckupFacts, findings: readonly Finding[]): Told[] =>
  (facts.kind === 'quick' ? QUICK : FULL).map(check => {
    const own = findings.filter(f => checkOf(f) === check);
    const seen = seenBy(check, facts);
    const verdict = verdictOf(own);
    if (seen.verdict === 'fail' || verdict === 'pass') return { check, ...seen };
    return { check, verdict, detail: `${own.map(f => f.title).join('; ')}. ${seen.detail}` };
  });
