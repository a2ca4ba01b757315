import type { RunReading } from '#app/runs/reading';
import type { LoadObserver } from '#record/load-test/generator/run-load';
import type { LoadSettings } from '#record/load-test/generator/settings';
import type { Target as Endpoint } from '#record/load-test/generator/target';
import type { StopSignals } from '#record/processes/interruption';
import type { SweepPlan } from '#schema/sweep-plan';

/** How a plan is carried out. */
export interface SweepWork {
  readonly plan: SweepPlan;
  readonly out: string;
  /** What is asked of which server, before anybody has asked it. */
  readonly endpoint: Endpoint;
  /** The load of a run. @param repeat from 1 @throws ForensicsError bad-argument */
  readonly loadAt: (endpoint: Endpoint, value: string, repeat: number) => LoadSettings;
  readonly observer: LoadObserver;
  readonly signals: StopSignals;
  readonly reading: RunReading;
}
