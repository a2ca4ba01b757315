import type { Started } from '#record/processes/start';
import type { ShutdownActions } from '#record/processes/watchdog';

/** What ends a window before its time. */
export type Stop = 'interrupted' | 'workload' | 'nsys' | 'disk' | 'ranges';

/** How often a launch is tried. */
export const LAUNCHES = 3;

/** One way to run the workload and record it. Failures are sentences, not exceptions: the rest of the case is still worth keeping. */
export interface Recorder {
  /** Whether what `launch` started lives as long as the workload and ends with its exit code. */
  readonly endsWithWorkload: boolean;
  /**
   * Starts the workload, which writes its process id to `pidFile`; may be tried again, up to LAUNCHES times in all, when it did not begin.
   * @throws ForensicsError not-found when nsys cannot be started
   */
  launch(command: readonly string[], pidFile: string): Promise<Started>;
  /** Opens a window. @returns why it could not be opened, or undefined */
  open(name: string): Promise<string | undefined>;
  /** Resolves when the recording has ended by itself, as one that the application's ranges open and close. */
  finished?(name: string): Promise<void>;
  /** Closes it and waits for the recording. @returns why there is none, or undefined */
  close(name: string, why: Stop | 'time'): Promise<string | undefined>;
  /** What is to be tried when we are killed in the middle. */
  readonly shutdownActions: ShutdownActions['commands'];
}
