import { copyFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Seconds } from '#core/units';
import type { Nsys } from '#record/nsys/installed';
import { launchArgs, type Recording, startArgs } from '#record/nsys/recording';
import { signalProcess } from '#record/processes/end';
import { openFiles } from '#record/processes/open-files';
import { killGroup } from '#record/processes/run';
import { type Started, start } from '#record/processes/start';
import { waitWhileBusy } from './busy.ts';
import { type CaseFolder, recordingsOf } from './folder.ts';
import { reason } from './journal.ts';
import { LAUNCHES, type Recorder } from './recorder.ts';
import { waitFor } from './wait.ts';
import { tracked } from './workload.ts';

/** A collection begins within a second or two; one that takes longer than this will not begin. */
const OPEN_SECONDS = 60;
/** nsys fails now and then for no reason of ours: how often it is asked. */
const TRIES = 2;
/** Time to save what was collected when we were killed. */
const SAVE_SECONDS = 60;
const LOOK_SECONDS = 0.5;
/** nsys writes what it collects here, before it makes a recording of it. */
const RAW = /\.qdstrm$/;

const lastLine = (file: string): string =>
  readFileSync(file, 'utf8')
    .trim()
    .split(/[\r\n]+/)
    .at(-1) ?? '';

/** Records by `nsys launch`, `start` and `stop` with a session of its own. */
export function sessionRecorder(
  nsys: Nsys,
  what: Recording,
  folder: CaseFolder,
  env: NodeJS.ProcessEnv,
  options: {
    readonly session: string;
    readonly name: string;
    readonly sessionTag: string;
    readonly patienceSeconds: Seconds;
    readonly tell: (file: string) => void;
  },
): Recorder {
  const { sessionTag, patienceSeconds } = options;
  // A session whose launch failed may linger under its name.
  const sessions = Array.from({ length: LAUNCHES }, (_, i) => `${options.session}${i === 0 ? '' : `-${i + 1}`}`);
  let launches = 0;
  let session = options.session;
  let launched: Started | undefined;
  const raw = new Map<string, readonly string[]>();

  /** Takes over what an nsys that broke off has left where it was writing. */
  const salvage = (name: string): void => {
    const target = `${folder.stem(name)}.qdstrm`;
    const left = (raw.get(name) ?? []).find(existsSync);
    if (left === undefined || recordingsOf(folder, name).length > 0) return;
    try {
      // It may lie on another disk.
      copyFileSync(left, target);
      rmSync(left);
    } catch (error) {
      options.tell(`${left} (it could not be moved: ${reason(error)})`);
    }
  };

  const askToStop = () =>
    start(nsys.path, ['stop', `--session=${session}`], { env, stdout: folder.log('nsys'), stderr: folder.log('nsys') });
  const begin = async (name: string, tries = TRIES): Promise<string | undefined> => {
    const log = folder.log('nsys');
    // Into a file: the agent that this may leave behind would hold a pipe, and break with it.
    const command = await start(nsys.path, startArgs(nsys, session, what, folder.stem(name)), { env, stdout: log, stderr: log });
    if ((await waitFor(OPEN_SECONDS, [{ why: 'ended', when: command.ended }])) === 'time') {
      killGroup(command.pid, 'SIGKILL');
      return `nsys start did not answer within ${OPEN_SECONDS} s`;
    }
    if (command.ending()?.code !== 0)
      return tries > 1 && launched?.ending() === undefined ? begin(name, tries - 1) : `nsys start failed: ${lastLine(log)}`;
    raw.set(name, openFiles(sessionTag, RAW));
    return undefined;
  };
  let begun: string | undefined;

  return {
    endsWithWorkload: true,
    launch: async (command, pidFile) => {
      session = sessions[launches++] ?? options.session;
      // What the application's ranges open must wait for them from the beginning.
      if (what.range !== undefined) begun = await begin(options.name);
      launched = await start(nsys.path, [...launchArgs(nsys, session, what), ...tracked(pidFile, command)], {
        env,
        stdout: folder.log('workload'),
        stderr: folder.log('workload'),
      });
      return launched;
    },
    open: async name => (what.range === undefined ? begin(name) : begun),
    ...(what.range === undefined
      ? {}
      : {
          finished: async (name: string) => {
            // A recording has its name long before it is whole.
            const writing = () => openFiles(sessionTag, /\.(nsys-rep|qdstrm)$/).length > 0;
            while (recordingsOf(folder, name).length < what.ranges || writing())
              await sleep(LOOK_SECONDS * 1000, undefined, { ref: false });
          },
        }),
    close: async (name, why) => {
      if (what.range !== undefined && recordingsOf(folder, name).length >= what.ranges) return undefined;
      // A collection stops by itself with its workload, and nsys launch then waits for the recording.
      let command = why === 'workload' && launched !== undefined && launched.ending() === undefined ? launched : await askToStop();
      for (let tries = 1; ; tries++) {
        const asked = command;
        if ((await waitWhileBusy(() => asked.ending() !== undefined, sessionTag, patienceSeconds)) === 'hung') {
          signalProcess(asked.pid, 'SIGKILL');
          salvage(name);
          return `nsys hung: it did nothing for ${patienceSeconds} s while it should have written the recording`;
        }
        if (recordingsOf(folder, name).length > 0) return undefined;
        if (tries === TRIES || asked.ending()?.code === 0 || launched?.ending() !== undefined) break;
        command = await askToStop();
      }
      salvage(name);
      const code = command.ending()?.code;
      if (what.range !== undefined && code === 0) return 'there is no recording: the application never opened the range';
      return `nsys ended without a recording (exit code ${code ?? 'none'})`;
    },
    shutdownActions: sessions.map(s => ({ command: nsys.path, args: ['stop', `--session=${s}`], seconds: SAVE_SECONDS })),
  };
}
