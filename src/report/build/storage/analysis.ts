import { count } from '#core/format/numbers';
import type { Experiment, StorageRun } from '#decide/storage/experiment';
import { tailOfRun } from '#decide/storage/tail';
import type { Judged } from '#decide/storage/verdicts/judge';
import { STORAGE_VERDICTS, StorageAnalysis, type StorageHypothesisResult, type StorageRunRow } from '#schema/storage-analysis';
import { answerWords, LEFT_OUT, type LeftOutReason, tailName } from './wording.ts';

/** What was found, before it is put into sentences. */
export interface StorageFacts {
  readonly tool: StorageAnalysis['tool'];
  readonly experiment: StorageAnalysis['experiment'];
  readonly models: readonly { readonly experiment: Experiment; readonly judged: readonly Judged[] }[];
  readonly leftOut: readonly { readonly run: string; readonly why: LeftOutReason }[];
  /** What the machine could not tell in any step, sentences of who recorded it. */
  readonly missing: readonly string[];
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
/** A p99 that fewer requests than this carry is their maximum. */
const CARRIES_P99 = 100;

function resultOf(judged: Judged): StorageHypothesisResult {
  const { hypothesis, verdict, why, found, effect, p, p_small, equivalent, power } = judged;
  const { code, id, claim, test, scale, margin, margin_reason, reading } = hypothesis;
  return {
    ...{ code, id, claim, verdict, answer: answerWords(judged), why, test, margin, margin_reason, p, p_small, equivalent, power, reading },
    effect:
      effect === null ? null : { what: hypothesis.effect, scale, value: effect.value, low: finite(effect.low), high: finite(effect.high) },
    ...{ runs: found?.runs ?? 0, tail: tailName(found) },
    figures: (found?.parts ?? []).map(({ low, high, ...rest }) => ({
      ...rest,
      low: low === null ? null : finite(low),
      high: high === null ? null : finite(high),
    })),
    picture:
      found === null
        ? null
        : {
            ...found.picture,
            arms: found.picture.arms === undefined ? null : [...found.picture.arms],
            points: [...found.picture.points],
            lines: [...found.picture.lines],
            marks: [...found.picture.marks],
          },
  };
}

function rowOf(run: StorageRun): StorageRunRow {
  const { figures, adapters } = run;
  const at = (of: 'ttft' | 'e2e', q: number) => {
    const carried = q <= 0.5 || run.e2e_ms.length + run.lost >= CARRIES_P99;
    return carried ? (tailOfRun(run, { of, q }) ?? null) : null;
  };
  return {
    ...{ run: run.id, hypothesis: run.design.toUpperCase(), arm: run.arm, repeat: run.block, level: run.level, session: run.session },
    ...{ answers: run.e2e_ms.length, lost: run.lost, answers_per_s: run.answers_per_s },
    ...{ ttft_p50_ms: at('ttft', 0.5), ttft_p99_ms: at('ttft', 0.99), e2e_p50_ms: at('e2e', 0.5), e2e_p99_ms: at('e2e', 0.99) },
    ...figures,
    ...{ host_reads: adapters?.host_reads ?? null, read_bytes: adapters?.read_bytes ?? null },
    adapter_accesses: adapters === null ? null : adapters.accesses.length,
  };
}

/** "H1 and H6 are supported; H4 is refuted; 6 are inconclusive". */
function verdictWords(judged: readonly Judged[]): string {
  const parts = STORAGE_VERDICTS.flatMap(verdict => {
    const codes = judged.filter(j => j.verdict === verdict).map(j => j.hypothesis.code);
    if (codes.length === 0) return [];
    const last = codes.at(-1) ?? '';
    const named = codes.length === 1 ? last : `${codes.slice(0, -1).join(', ')} and ${last}`;
    return [`${named} ${codes.length === 1 ? 'is' : 'are'} ${verdict}`];
  });
  return `${parts.join('; ')}.`;
}

const notesOf = ({ models, leftOut, missing }: StorageFacts): string[] => [
  'Each run is one value: requests of one run share its luck, and are no repetitions.',
  ...models.flatMap(({ experiment, judged }) => {
    const tested = judged.filter(({ found }) => found !== null).length;
    return tested < 2 ? [] : [`${experiment.model}: levels are corrected for ${tested} hypotheses (Holm); tests are one-sided at 2.5 %.`];
  }),
  ...(leftOut.length === 0
    ? []
    : [`${count(leftOut.length, 'planned step')} ${leftOut.length === 1 ? 'was' : 'were'} not judged: see what was left out.`]),
  ...missing,
];

/** Puts verdicts into sentences. */
export function wordStorage(facts: StorageFacts): StorageAnalysis {
  const models = facts.models.map(({ experiment, judged }) => ({
    model: experiment.model,
    answer: `${experiment.model}: ${verdictWords(judged)}`,
    hypotheses: judged.map(resultOf),
    runs: experiment.runs.map(rowOf),
  }));
  return StorageAnalysis.parse({
    schema: 'forensics.storage/1',
    ...{ tool: facts.tool, experiment: facts.experiment, models },
    answer: models.map(({ answer }) => answer).join(' '),
    left_out: facts.leftOut.map(({ run, why }) => ({ run, why: LEFT_OUT[why] })),
    notes: notesOf(facts),
  } satisfies Record<keyof StorageAnalysis, unknown>);
}
