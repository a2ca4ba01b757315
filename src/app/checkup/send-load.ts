import { publicMessage } from '#core/secrets/variables';
import type { Seconds } from '#core/units';
import { here } from '#record/load-test/generator/generators';
import { type LoadObserver, runLoad } from '#record/load-test/generator/run-load';
import type { Target } from '#record/load-test/generator/target';
import type { StopSignals } from '#record/processes/interruption';
import type { CheckupLoad } from '#schema/checkup';
import type { LoadLatency, LoadStage } from '#schema/load';

/** As the guide's quick check asks for. */
const OUTPUT_TOKENS = 100;
/** An answer that takes longer is no answer here. */
const LIMITS = { timeout: 120, drain: 30 };
const SILENT: LoadObserver = { stage: () => {}, outcome: () => {}, progress: () => {}, staged: () => {} };

const median = ({ latencies }: LoadStage, metric: LoadLatency['metric']): number | null =>
  latencies.find(l => l.metric === metric && l.from !== 'intended')?.p50_ms ?? null;

/** Reasons in the server's own words, without what is private in them. */
function publicly(failures: Readonly<Record<string, number>>): Record<string, number> {
  const told: Record<string, number> = {};
  for (const [why, times] of Object.entries(failures)) told[publicMessage(why)] = (told[publicMessage(why)] ?? 0) + times;
  return told;
}

/**
 * Keeps so many requests in flight for a while. They are sent from this process: a few requests need no other.
 * @param folder for their log
 * @throws ForensicsError bad-argument, not-writable
 */
export async function sendLoad(
  target: Target,
  asked: { readonly promptTokens: number; readonly concurrency: number; readonly seconds: Seconds },
  folder: string,
  signals: StopSignals,
): Promise<CheckupLoad> {
  const { stages } = await runLoad(
    {
      target,
      pattern: { loop: 'closed', concurrency: [asked.concurrency], duration: asked.seconds },
      warmUp: 0,
      promptTokens: { kind: 'constant', tokens: asked.promptTokens },
      outputTokens: { kind: 'constant', tokens: OUTPUT_TOKENS },
      seed: asked.promptTokens,
      generators: 1,
      limits: LIMITS,
    },
    folder,
    here,
    SILENT,
    signals,
  );
  const [stage] = stages;
  const requests = stage?.requests;
  return {
    prompt_tokens: asked.promptTokens,
    output_tokens: OUTPUT_TOKENS,
    seconds: asked.seconds,
    ok: requests?.ok ?? 0,
    failed: (requests?.failed ?? 0) + (requests?.unfinished ?? 0),
    failures: publicly(stage?.failures ?? {}),
    tokens_per_s: stage?.output_tokens_per_s ?? null,
    ttft_p50_ms: stage === undefined ? null : median(stage, 'ttft'),
    tpot_p50_ms: stage === undefined ? null : median(stage, 'tpot'),
  };
}
