import type { LoadObserver } from '#record/load-test/generator/run-load';
import type { LoadSettings } from '#record/load-test/generator/settings';
import type { Target } from '#record/load-test/generator/target';
import type { StopSignals } from '#record/processes/interruption';
import type { Plan } from '#schema/plan';
import type { Place } from './place.ts';
import type { Server } from './server.ts';

/** The load of a plan, as the options of `forensics load` say it. */
export interface LoadWish {
  /** Whom to ask, before anybody has asked it. */
  readonly asked: Target;
  /** What run k of it sends, from 1. Each has prompts of its own, so that no cache knows them from the run before. */
  readonly settings: (target: Target, k: number) => LoadSettings;
  readonly observer: LoadObserver;
}

/** What every step is told. */
export interface RunContext {
  readonly plan: Plan;
  readonly place: Place;
  readonly load: LoadWish | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly signals: StopSignals;
  readonly tell: (step: string) => void;
  /** Adds to a log of the folder, and tells nobody. */
  readonly note: (log: string, line: string) => void;
  /** The server of the plan, started when it is first asked for; undefined where the plan starts none. */
  readonly server: () => Promise<Server | undefined>;
}

/** One step of a run. */
export interface RunStep {
  /** Names it in files and in what is told. */
  readonly id: string;
  /** What it does, for a dry run. */
  readonly what: string;
  /** derived: it follows from what lies in the folder, and is made again once a step before it was. */
  readonly kind: 'measured' | 'derived';
  /** Whether it needs the server of the plan; others begin once that has ended. */
  readonly asksServer: boolean;
  /** What it writes, below the folder: removed before it is tried. */
  readonly files: readonly string[];
  /** The log of the guide's that it is told in, beside the log of the run. */
  readonly log?: string;
  /** @returns what could not be done, one sentence each @throws ForensicsError where it failed */
  readonly act: (context: RunContext) => Promise<readonly string[]>;
}
