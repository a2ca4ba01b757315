import type { Plan } from '#schema/plan';
import type { LoadWish } from './context.ts';

/** What to run, and where. */
export interface RunRequest {
  readonly plan: Plan;
  /** SHA-256 of the plan with what was laid over it. */
  readonly planHash: string;
  readonly out: string;
  /** Whether the folder is one of a run that was cut off. */
  readonly isResumed: boolean;
  readonly load: LoadWish | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
}
