import { ForensicsError } from '#core/errors';
import type { Seconds } from '#core/units';
import type { Nsys } from '#record/nsys/installed';
import type { Method } from '#schema/case';

/** What is asked of a recording that not every way to drive nsys can give. */
export interface Wanted {
  /** Each rank is started by a launcher, perhaps on another host, and has its own nsys. */
  readonly perRank: boolean;
  readonly repeat: number;
  readonly duration: Seconds | undefined;
}

/**
 * Chooses how to drive the nsys that is installed. Sessions (launch, start, stop) open and close the window by command: the
 * workload does not notice the end of it, windows repeat, and the window can wait for readiness. `profile --kill none` is left where
 * there are no sessions, and for ranks that a launcher starts.
 * @throws ForensicsError unsupported when this nsys can do neither
 */
export function chooseMethod(nsys: Nsys, wanted: Wanted): { readonly method: Method; readonly why: string } {
  const sessions = nsys.options.launch.has('session-new') && nsys.options.start.has('session') && nsys.options.stop.has('session');
  if (wanted.perRank) {
    if (wanted.repeat > 1)
      throw new ForensicsError(
        'unsupported',
        'windows cannot repeat where each rank has its own nsys',
        'Leave --repeat out, or put the launcher under nsys with --report-per node.',
      );
    if (wanted.duration !== undefined && !nsys.options.profile.has('kill'))
      throw new ForensicsError(
        'unsupported',
        `nsys ${nsys.version} ends the program with the window (it has no --kill)`,
        'Install a newer nsys.',
      );
    return { method: 'profile', why: 'each rank has its own nsys: profile --delay --duration --kill none' };
  }
  if (sessions)
    return { method: 'sessions', why: 'it records with nsys launch, start and stop, so the workload keeps running when the window ends' };
  if (wanted.repeat > 1)
    throw new ForensicsError(
      'unsupported',
      `nsys ${nsys.version} has no sessions, so windows cannot repeat`,
      'Install a newer nsys, or leave --repeat out.',
    );
  if (wanted.duration !== undefined && !nsys.options.profile.has('kill'))
    throw new ForensicsError(
      'unsupported',
      `nsys ${nsys.version} ends the program with the window: it has neither sessions nor --kill`,
      'Install a newer nsys, or record the whole run (no --duration).',
    );
  return { method: 'profile', why: `nsys ${nsys.version} has no sessions: profile --delay --duration --kill none` };
}
