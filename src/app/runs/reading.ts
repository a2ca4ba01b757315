import type { Scratch } from '#app/inputs/scratch';

/** How runs are read, and who is told of it. */
export interface RunReading {
  readonly scratch: Scratch;
  readonly env: NodeJS.ProcessEnv;
  readonly tell: (step: string) => void;
}
