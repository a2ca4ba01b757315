import type { Nsys } from '#nsys/installed';
import { profileArgs, type Recording } from '#nsys/recording';
import { signalProcess } from '#process/end';
import { type Started, start } from '#process/start';
import { waitWhileBusy } from './busy.ts';
import { type CaseFolder, reportsOf } from './folder.ts';
import type { Launcher } from './launchers.ts';
import type { Recorder } from './recorder.ts';
import { tracked } from './workload.ts';

/**
 * What each rank runs around its nsys, with the rank's number exported for the name of the report. When nsys ends with its window
 * it waits for the program, since a launcher takes the end of what it started for the end of the rank.
 * $0 is the stem of the files in which programs note their process ids.
 */
const RANK_SCRIPT = `export FORENSICS_RANK="\${SLURM_PROCID:-\${OMPI_COMM_WORLD_RANK:-\${PMI_RANK:-0}}}"
"$@" & child=$!
trap 'kill -TERM "$child" 2>/dev/null' TERM INT
wait "$child"; status=$?
pid=$(cat "$0-$FORENSICS_RANK" 2>/dev/null)
while [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null; do sleep 0.2; done
exit "$status"`;
const RANK_TRACKED = 'echo $$ >"$0-$FORENSICS_RANK"; exec "$@"';

/** Records by `nsys profile`, whose workload lives on (`--kill none`): one nsys around the workload, or one in each rank. */
export function profileRecorder(
  nsys: Nsys,
  what: Recording,
  folder: CaseFolder,
  env: NodeJS.ProcessEnv,
  options: {
    readonly window: { readonly delay: number; readonly duration: number | undefined };
    readonly name: string;
    readonly ranks: Launcher | undefined;
    readonly mark: string;
    readonly patience: number;
  },
): Recorder {
  const stem = folder.stem(options.name);
  let launched: Started | undefined;

  return {
    // With a window nsys ends before the workload does, unless a launcher stands around both.
    endsWithWorkload: options.window.duration === undefined || options.ranks !== undefined,
    launch: async (command, pidFile) => {
      const at = options.ranks?.programAt ?? 0;
      const profile = [nsys.path, ...profileArgs(nsys, what, { path: stem, perRank: options.ranks !== undefined }, options.window)];
      const [program = '', ...args] =
        options.ranks === undefined
          ? [...profile, ...tracked(pidFile, command)]
          : tracked(pidFile, [
              ...command.slice(0, at),
              ...['sh', '-c', RANK_SCRIPT, pidFile, ...profile],
              ...['sh', '-c', RANK_TRACKED, pidFile, ...command.slice(at)],
            ]);
      launched = await start(program, args, { env, stdout: folder.log('workload'), stderr: folder.log('workload') });
      return launched;
    },
    // The window opens by nsys's own clock.
    open: async () => undefined,
    close: async () => {
      if (launched === undefined) return 'nsys was not started';
      if ((await waitWhileBusy(launched, options.mark, options.patience)) === 'hung') {
        signalProcess(launched.pid, 'SIGKILL');
        return `nsys hung: it did nothing for ${options.patience} s while it should have written the report`;
      }
      return reportsOf(folder, options.name).length > 0
        ? undefined
        : `nsys ended without a report (exit code ${launched.ending()?.code ?? 'none'})`;
    },
    will: [],
  };
}
