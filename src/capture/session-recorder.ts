import { existsSync, renameSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Nsys } from '#nsys/installed';
import { launchArgs, type Recording, startArgs } from '#nsys/recording';
import { openFiles } from '#process/open-files';
import { run } from '#process/run';
import { type Started, start } from '#process/start';
import { waitWhileBusy } from './busy.ts';
import { type CaseFolder, reportsOf } from './folder.ts';
import { reason } from './journal.ts';
import type { Recorder } from './recorder.ts';
import { tracked } from './workload.ts';

/** A collection begins within a second or two; one that takes longer than this will not begin. */
const OPEN_SECONDS = 60;
const QUESTION_SECONDS = 20;
const LOOK_SECONDS = 0.5;
/** nsys writes what it collects here, before it makes a report of it. */
const RAW = /\.qdstrm$/;

/** Records by `nsys launch`, `start` and `stop` with a session of its own. */
export function sessionRecorder(
  nsys: Nsys,
  what: Recording,
  folder: CaseFolder,
  env: NodeJS.ProcessEnv,
  options: { readonly session: string; readonly mark: string; readonly patience: number; readonly tell: (file: string) => void },
): Recorder {
  const { session, mark, patience } = options;
  let launched: Started | undefined;
  const raw = new Map<string, readonly string[]>();

  /** Takes over what an nsys that broke off has left where it was writing. */
  const salvage = (name: string): void => {
    const target = `${folder.stem(name)}.qdstrm`;
    const left = (raw.get(name) ?? []).find(existsSync);
    if (left === undefined || reportsOf(folder, name).length > 0) return;
    try {
      renameSync(left, target);
    } catch (error) {
      options.tell(`${left} (it could not be moved: ${reason(error)})`);
    }
  };

  return {
    endsWithWorkload: true,
    launch: async (command, pidFile) => {
      launched = await start(nsys.path, [...launchArgs(nsys, session, what), ...tracked(pidFile, command)], {
        env,
        stdout: folder.log('workload'),
        stderr: folder.log('workload'),
      });
      return launched;
    },
    open: async name => {
      const answer = await run(nsys.path, startArgs(nsys, session, what, folder.stem(name)), { seconds: OPEN_SECONDS, env });
      if (answer.code === 0) {
        raw.set(name, openFiles(mark, RAW));
        return undefined;
      }
      const said = `${answer.stderr}${answer.stdout}`.trim().split('\n').at(-1) ?? '';
      return answer.late ? `nsys start did not answer within ${OPEN_SECONDS} s` : `nsys start failed: ${said}`;
    },
    ...(what.range === undefined
      ? {}
      : {
          finished: async (name: string) => {
            while (reportsOf(folder, name).length < what.ranges) await sleep(LOOK_SECONDS * 1000, undefined, { ref: false });
          },
        }),
    close: async (name, workloadEnded) => {
      if (what.range !== undefined && reportsOf(folder, name).length >= what.ranges) return undefined;
      // A collection stops by itself with its workload, and nsys launch then waits for the report.
      const command =
        workloadEnded && launched !== undefined && launched.ending() === undefined
          ? launched
          : await start(nsys.path, ['stop', `--session=${session}`], { env, stdout: folder.log('nsys'), stderr: folder.log('nsys') });
      const how = await waitWhileBusy(command, mark, patience);
      if (how === 'hung') {
        await run('kill', ['-9', String(command.pid)], { seconds: QUESTION_SECONDS });
        salvage(name);
        return `nsys hung: it did nothing for ${patience} s while it should have written the report`;
      }
      if (reportsOf(folder, name).length > 0) return undefined;
      salvage(name);
      return `nsys ended without a report (exit code ${command.ending()?.code ?? 'none'})`;
    },
    will: [{ command: nsys.path, args: ['stop', `--session=${session}`], seconds: QUESTION_SECONDS * 3 }],
  };
}
