import type { Bytes, Seconds } from '#core/units';
import { until } from '#record/processes/end';
import { interruptOf, whenAborted } from '#record/processes/interruption';
import { type LoadTest, startLoad } from './load.ts';
import { answers } from './ready.ts';
import type { RecordContext } from './record-context.ts';
import type { Recorder, Stop } from './recorder.ts';
import { launch, type Run } from './run.ts';
import { runsFull } from './space.ts';
import { type Ender, waitFor } from './wait.ts';

/** When what is to happen while the workload runs. */
export interface Schedule {
  readonly windows: readonly string[];
  /** From the start of the workload, or from its readiness, to the first window. */
  readonly delaySeconds: Seconds;
  /** Undefined: until the workload ends. */
  readonly durationSeconds: Seconds | undefined;
  /** From the opening of one window to that of the next. */
  readonly everySeconds: Seconds;
  /** A URL that answers once the workload is ready. */
  readonly ready: string | undefined;
  readonly load: { readonly command: string; readonly leadSeconds: Seconds; readonly limitSeconds: Seconds } | undefined;
  /** Bytes below which the disk counts as full. */
  readonly floorBytes: Bytes;
}

type Wait = (seconds: Seconds | undefined, more?: readonly Ender<Stop>[]) => Promise<Stop | 'time'>;

const WHY: Readonly<Record<Stop | 'time', string>> = {
  time: 'its time was up',
  interrupted: 'the capture was interrupted',
  workload: 'the workload ended',
  nsys: 'nsys ended before its time',
  disk: 'the disk was nearly full',
  ranges: "the application's ranges were over",
};

/** Waits for a time, or for what ends it before. */
const waitBeside =
  (enders: readonly Ender<Stop>[], run: Run): Wait =>
  async (seconds, more = []) => {
    const why = await waitFor(seconds, [...enders, ...more]);
    // The two are seen within moments of each other when the workload ends.
    return why === 'nsys' && (await until(() => run.isGone(), 1)) ? 'workload' : why;
  };

/**
 * Runs the workload, and opens and closes the windows while it runs. All that happens goes to the journal, as it happens.
 * @returns the workload, which may still run
 */
export async function runSchedule(
  recorder: Recorder,
  command: readonly string[],
  pidFile: string,
  schedule: Schedule,
  context: RecordContext,
): Promise<{ readonly run: Run; readonly load: LoadTest | undefined }> {
  const { journal, signals, progress } = context;
  progress('starting the workload');
  const run = await launch(recorder, command, pidFile);
  if (run.failure !== undefined || run.pid === undefined) {
    journal.tell({ event: 'missing', what: run.failure ?? 'the workload did not start' });
    return { run, load: undefined };
  }
  journal.tell({ event: 'workload-started', pid: run.pid });
  const over = new AbortController();
  const enders: Ender<Stop>[] = [
    { why: 'interrupted', when: whenAborted(signals.stop) },
    { why: 'workload', when: run.gone },
    { why: 'disk', when: runsFull(context.disks, schedule.floorBytes, over.signal) },
  ];
  // With sessions, `nsys launch` lives as long as the workload: its early end means that the profiler is lost.
  if (recorder.endsWithWorkload) enders.push({ why: 'nsys', when: run.launched.ended });
  const stop = waitBeside(enders, run);
  let load: LoadTest | undefined;
  try {
    let why: Stop | 'time' | 'ready' = 'time';
    if (schedule.ready !== undefined) {
      progress(`waiting for ${schedule.ready}`);
      why = await waitFor(undefined, [{ why: 'ready' as const, when: answers(schedule.ready, over.signal) }, ...enders]);
      if (why === 'ready') journal.tell({ event: 'ready' });
    }
    const zero = process.hrtime.bigint();
    const elapsedSeconds = () => Number(process.hrtime.bigint() - zero) / 1e9;
    for (const [i, name] of schedule.windows.entries()) {
      if (why !== 'time' && why !== 'ready') break;
      const opensAtSeconds = schedule.delaySeconds + i * schedule.everySeconds;
      if (schedule.load !== undefined && load === undefined) {
        const startsAtSeconds = Math.max(0, opensAtSeconds - schedule.load.leadSeconds);
        if (startsAtSeconds > elapsedSeconds())
          progress(`waiting ${Math.round(startsAtSeconds - elapsedSeconds())} s before the load test`);
        why = await stop(Math.max(0, startsAtSeconds - elapsedSeconds()));
        if (why !== 'time') break;
        load = await startLoad(schedule.load.command, context);
      }
      if (opensAtSeconds > elapsedSeconds()) progress(`waiting ${Math.round(opensAtSeconds - elapsedSeconds())} s before the window opens`);
      why = await stop(Math.max(0, opensAtSeconds - elapsedSeconds()));
      if (why !== 'time') break;
      why = await window(recorder, name, run, schedule.durationSeconds, stop, context);
    }
    tellEnd(why === 'ready' ? 'time' : why, schedule.windows, context);
    if (load !== undefined) await load.finish(signals, run.isGone, schedule.load?.limitSeconds ?? 0);
    return { run, load };
  } finally {
    over.abort();
  }
}

/** Says why no more windows are opened, and which were not. */
function tellEnd(why: Stop | 'time', windows: readonly string[], { journal, signals }: RecordContext): void {
  if (why === 'interrupted') journal.tell({ event: 'interrupted', signal: interruptOf(signals.stop) ?? 'SIGINT' });
  else if (why === 'disk') journal.tell({ event: 'missing', what: 'recording ended early, for lack of space on the disk' });
  else if (why === 'nsys') journal.tell({ event: 'missing', what: 'nsys ended before its time; the workload went on without it' });
  const unopened = windows.filter(n => !journal.entries().some(e => e.event === 'window-opened' && e.name === n));
  if (unopened.length > 0 && why !== 'time')
    journal.tell({ event: 'missing', what: `${unopened.join(', ')}: never opened, since ${WHY[why]}` });
}

/** One window, from its opening to its recording. */
async function window(
  recorder: Recorder,
  name: string,
  run: Run,
  durationSeconds: Seconds | undefined,
  stop: Wait,
  { journal, progress, signals, mend }: RecordContext,
): Promise<Stop | 'time'> {
  mend();
  const failure = await recorder.open(name);
  if (failure !== undefined) {
    journal.tell({ event: 'missing', what: `${name}: ${failure}` });
    // A workload that ended at this very moment is the reason, not nsys.
    return run.isGone() ? 'workload' : 'nsys';
  }
  journal.tell({ event: 'window-opened', name });
  progress(`${name}: recording${durationSeconds === undefined ? ' until the workload ends' : ` for ${durationSeconds} s`}`);
  const finished = recorder.finished?.(name);
  const why = await stop(durationSeconds, finished === undefined ? [] : [{ why: 'ranges', when: finished }]);
  journal.tell({ event: 'window-closed', name, why: WHY[why] });
  progress(`${name}: closed (${WHY[why]}); nsys writes its recording`);
  mend();
  const closing = recorder.close(name, why);
  const lost = await Promise.race([closing, whenAborted(signals.hurry).then(() => 'given up: interrupted twice')]);
  if (lost !== undefined) journal.tell({ event: 'missing', what: `${name}: ${lost}` });
  return why;
}
