import type { PlanDraft } from '#app/run/read-plan';

/** Options of `forensics run` that lay something over a plan. */
export interface RunOptions {
  readonly name?: string | undefined;
  readonly expect?: string | undefined;
  readonly url?: readonly string[] | undefined;
  readonly model?: string | undefined;
  readonly rate?: number | undefined;
  readonly concurrency?: string | undefined;
  readonly sweep?: string | undefined;
  readonly duration?: string | undefined;
  readonly warmUp?: string | undefined;
  readonly promptTokens?: string | undefined;
  readonly outputTokens?: string | undefined;
  readonly repeat?: number | undefined;
  readonly ready?: string | undefined;
  readonly captureDelay?: string | undefined;
  readonly captureDuration?: string | undefined;
  readonly physics?: boolean | undefined;
  readonly kwhUsd?: number | undefined;
  readonly gpuHourUsd?: number | undefined;
  readonly pue?: number | undefined;
  readonly targets?: string | undefined;
  readonly baseline?: readonly string[] | undefined;
}

/** The fields that were named; undefined where none was. */
function named(fields: Readonly<Record<string, unknown>>): PlanDraft | undefined {
  const known = Object.entries(fields).filter(([, value]) => value !== undefined);
  return known.length === 0 ? undefined : Object.fromEntries(known);
}

/** What the command line lays over a plan. @param command the server, after -- */
export function draftOfOptions(o: RunOptions, command: readonly string[]): PlanDraft {
  return (
    named({
      ...{ name: o.name, expect: o.expect, physics: o.physics === true ? true : undefined, targets: o.targets, baseline: o.baseline },
      server: named({ command: command.length === 0 ? undefined : command, ready: o.ready }),
      load: named({
        ...{ urls: o.url, model: o.model, rate: o.rate, concurrency: o.concurrency, sweep: o.sweep, duration: o.duration },
        ...{ warm_up: o.warmUp, prompt_tokens: o.promptTokens, output_tokens: o.outputTokens, repeat: o.repeat },
      }),
      capture: named({ delay: o.captureDelay, duration: o.captureDuration }),
      cost: named({ kwh_usd: o.kwhUsd, gpu_hour_usd: o.gpuHourUsd, pue: o.pue }),
    }) ?? {}
  );
}
