import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Nsys } from '#nsys/installed';
import { profileArgs, type Recording } from '#nsys/recording';
import { signalProcess } from '#process/end';
import { isProfiler, markedProcesses } from '#process/marked';
import { type Started, start } from '#process/start';
import { waitWhileBusy } from './busy.ts';
import { type CaseFolder, reportsOf } from './folder.ts';
import type { Launcher } from './launchers.ts';
import type { Recorder } from './recorder.ts';
import { tracked } from './workload.ts';

/** Where a rank finds its number. A job script of Slurm has SLURM_PROCID=0 itself, and an mpirun in it hands that to all its ranks. */
const RANK_OF: Readonly<Record<Launcher['name'], string>> = {
  srun: `\${SLURM_PROCID:-\${PMIX_RANK:-\${PMI_RANK:-0}}}`,
  mpirun: `\${OMPI_COMM_WORLD_RANK:-\${PMIX_RANK:-\${PMI_RANK:-0}}}`,
  torchrun: '0',
};

/** Ending of the file in which a rank notes that its nsys has ended. */
const ENDED = '.nsys-ended';

/**
 * What each rank runs around its nsys, with the rank's number exported for the name of the report, and a folder of its own for what it
 * leaves: that of rank 0 goes into the case. When nsys ends with its window
 * it waits for the program, since a launcher takes the end of what it started for the end of the rank. A signal breaks a wait off: nsys is
 * waited for again, since it has its report to write.
 * $0 is the stem of the files in which programs note their process ids.
 */
const rankScript = (launcher: Launcher['name']) => `export FORENSICS_RANK="${RANK_OF[launcher]}"
if [ "$FORENSICS_RANK" != 0 ]; then
  export FORENSICS_WORKLOAD_DIR="$FORENSICS_WORKLOAD_DIR/rank$FORENSICS_RANK"; mkdir -p "$FORENSICS_WORKLOAD_DIR"
fi
"$@" & child=$!
trap 'kill -TERM "$child" 2>/dev/null' TERM INT
wait "$child"; status=$?
while kill -0 "$child" 2>/dev/null; do wait "$child"; status=$?; done
echo "$status" >"$0-$FORENSICS_RANK${ENDED}"
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
  const namesIn = () => readdirSync(folder.private);
  /** Whether every rank that began has an nsys that has ended; the ranks themselves may go on. */
  const ranksEnded = (pidFile: string) => {
    const rank = new RegExp(`^${basename(pidFile)}-\\d+$`);
    const [begun, names] = [namesIn().filter(n => rank.test(n)), new Set(namesIn())];
    return begun.length > 0 && begun.every(n => names.has(n + ENDED));
  };
  const reportBytes = () =>
    namesIn()
      .filter(n => /\.(nsys-rep|qdstrm)$/.test(n))
      .reduce((sum, n) => sum + (statSync(join(folder.private, n), { throwIfNoEntry: false })?.size ?? 0), 0);
  let ranksFile = '';

  return {
    // With a window nsys ends before the workload does, unless a launcher stands around both.
    endsWithWorkload: options.window.duration === undefined || options.ranks !== undefined,
    launch: async (command, pidFile) => {
      ranksFile = pidFile;
      const at = options.ranks?.programAt ?? 0;
      const profile = [nsys.path, ...profileArgs(nsys, what, { path: stem, perRank: options.ranks !== undefined }, options.window)];
      const [program = '', ...args] =
        options.ranks === undefined
          ? [...profile, ...tracked(pidFile, command)]
          : tracked(pidFile, [
              ...command.slice(0, at),
              ...['sh', '-c', rankScript(options.ranks.name), pidFile, ...profile],
              ...['sh', '-c', RANK_TRACKED, pidFile, ...command.slice(at)],
            ]);
      launched = await start(program, args, { env, stdout: folder.log('workload'), stderr: folder.log('workload') });
      return launched;
    },
    // The window opens by nsys's own clock.
    open: async () => undefined,
    close: async () => {
      if (launched === undefined) return 'nsys was not started';
      const over = () => launched?.ending() !== undefined || (options.ranks !== undefined && ranksEnded(ranksFile));
      if ((await waitWhileBusy(over, options.mark, options.patience, reportBytes)) === 'hung') {
        // Of what a launcher started only nsys: the ranks are not to suffer for it.
        const hung =
          options.ranks === undefined
            ? [launched.pid]
            : markedProcesses(options.mark)
                .filter(isProfiler)
                .map(p => p.pid);
        for (const pid of hung) signalProcess(pid, 'SIGKILL');
        return `nsys hung: it did nothing for ${options.patience} s while it should have written the report`;
      }
      return reportsOf(folder, options.name).length > 0
        ? undefined
        : `nsys ended without a report (exit code ${launched.ending()?.code ?? 'none'})`;
    },
    will: [],
  };
}
