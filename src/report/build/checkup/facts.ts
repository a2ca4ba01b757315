import type { Judgement } from '#machine/judge';
import type { ServerActivity } from '#machine/server-activity';
import type { Checkup, CheckupLoad } from '#schema/checkup';
import type { FactRow } from '#schema/relation';

/** What was seen of a server and its GPUs, before it is put into words. */
export interface CheckupFacts extends Pick<Checkup, 'kind' | 'asked' | 'model' | 'concurrency'> {
  readonly version: string;
  /** All readings, those of a moment together. */
  readonly rounds: readonly (readonly { readonly time: string; readonly gpu: number; readonly utilizationPct: number | null }[])[];
  readonly loads: readonly CheckupLoad[];
  readonly activity: ServerActivity;
  readonly expectedBy: 'user' | 'guide' | undefined;
  readonly judgements: readonly Judgement[];
  readonly looked: {
    readonly facts: readonly FactRow[];
    readonly logs: number;
    /** Commands of the machine that did not answer. */
    readonly silent: readonly string[];
    readonly isDockerSilent: boolean;
  };
}
