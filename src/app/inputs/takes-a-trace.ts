import { ForensicsError } from '#core/errors';

/** What was asked for that only a trace can give. */
interface Asked {
  readonly alignAuto: boolean;
  readonly perfetto: boolean;
  /** Something was said of the steps of a training. */
  readonly steps: boolean;
}

const TAKES_A_TRACE = {
  alignAuto: ['--align auto', 'matches the times of tokens to the steps of a trace'],
  perfetto: ['--perfetto', 'draws what a trace holds'],
  steps: ['--flops-per-step, --peak-flops or --tokens-per-step', 'says something of the steps of a training in a trace'],
} as const satisfies Readonly<Record<keyof Asked, readonly [string, string]>>;

/** @throws ForensicsError bad-argument where there is no trace, and something was asked for that takes one */
export function refuseWhatTakesATrace(asked: Asked): void {
  for (const key of ['alignAuto', 'perfetto', 'steps'] as const) {
    const [option, does] = TAKES_A_TRACE[key];
    if (asked[key])
      throw new ForensicsError('bad-argument', `${option} ${does}, and there is none here`, `Leave ${option} out, or name a trace.`);
  }
}
