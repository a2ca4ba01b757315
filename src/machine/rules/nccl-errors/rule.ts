import { defineRule, type Sighting } from '#machine/define';
import { factOf, numberOf } from '#machine/gpus';

const LOGS = [
  { entity: 'NCCL', count: 'warnings', last: 'last_warning' },
  { entity: 'vLLM', count: 'nccl_errors', last: 'last_error' },
] as const;

export default defineRule({
  id: 'nccl-errors',
  title: 'NCCL told of errors in a log',
  reason: 'A collective that fails ends the job; one that retries, or falls back to another way, slows every step.',
  source: 'NCCL user guide, troubleshooting; the multi-GPU guide, check 4 and issue 2',
  severity: 'medium',
  fix: 'Run again with NCCL_DEBUG=INFO and read the lines before the first error; on one host set NCCL_P2P_DISABLE=0 and leave the rest of NCCL’s variables unset.',
  needs: 'a log with NCCL_DEBUG=WARN or INFO, or of vLLM',
  judges: ['nccl-log', 'vllm-log'],
  bears_on: ['slow-collective', 'collective-wait'],
  find({ facts }) {
    const told = LOGS.flatMap(({ entity, count, last }) => {
      const n = numberOf(facts, entity, count);
      return n === undefined ? [] : [{ entity, n, last: factOf(facts, entity, last) }];
    });
    if (told.length === 0) return undefined;
    return told
      .filter(t => t.n > 0)
      .map(
        ({ entity, n, last }): Sighting => ({
          entity: `log of ${entity}`,
          seen: { lines: n, ...(last === undefined ? {} : { last: String(last) }) },
        }),
      );
  },
});
