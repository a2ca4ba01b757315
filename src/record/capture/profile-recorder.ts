import { statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Seconds } from '#core/units';
import type { Nsys } from '#record/nsys/installed';
import { profileArgs, type Recording } from '#record/nsys/recording';
import { signalProcess } from '#record/processes/end';
import { type Started, start } from '#record/processes/start';
import { isProfiler, taggedProcesses } from '#record/processes/tagged-processes';
import { waitWhileBusy } from './busy.ts';
import { type CaseFolder, namesIn, recordingsOf } from './folder.ts';
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
 * What each rank runs around its nsys, with the rank's number exported for the name of the recording, and a folder of its own for what it
 * leaves: that of rank 0 goes into the case. When nsys ends with its window it waits for the program, since a launcher takes the end of
 * what it started for the end of the rank. A signal is for the program, with which nsys ends; it breaks a wait off, so nsys is waited for
 * again. As long as the program has not begun, an nsys that fails is started again.
 * $0 is the stem of the files in which programs note their process ids.
 */
const rankScript = (launcher: Launcher['name']) => `export FORENSICS_RANK="${RANK_OF[launcher]}"
if [ "$FORENSICS_RANK" != 0 ]; then
  export FORENSICS_WORKLOAD_DIR="$FORENSICS_WORKLOAD_DIR/rank$FORENSICS_RANK"; mkdir -p "$FORENSICS_WORKLOAD_DIR"
fi
trap 'kill -TERM "$(cat "$0-$FORENSICS_RANK" 2>/dev/null || echo "$child")" 2>/dev/null' TERM INT
for try in 1 2 3; do
  "$@" & child=$!
  wait "$child"; status=$?
  while kill -0 "$child" 2>/dev/null; do wait "$child"; status=$?; done
  if [ -e "$0-$FORENSICS_RANK" ] || [ "$status" = 0 ]; then break; fi
  sleep 0.5
done
echo "$status" >"$0-$FORENSICS_RANK${ENDED}"
pid=$(cat "$0-$FORENSICS_RANK" 2>/dev/null)
while [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null; do sleep 0.2; done
exit "$status"`;
/** Has the nsys of each rank on this host save what it has: $0 is the folder of the files above, $1 nsys and $2 the stem of their sessions. */
const SAVE_RANKS = `for f in "$0"/*.pid-*[0-9]; do "$1" stop --session="$2-\${f##*-}" & done; wait`;
/** Time for that, when we were killed. */
const SAVE_SECONDS = 60;
const RANK_TRACKED = 'echo $$ >"$0-$FORENSICS_RANK"; exec "$@"';

/** What stands in a case's folder of the ranks on this host. */
function ranksIn(folder: CaseFolder, filesOfRanks: () => string) {
  const names = () => namesIn(folder.private);
  const begun = () => names().flatMap(n => (n.startsWith(`${filesOfRanks()}-`) ? (/-(\d+)$/.exec(n)?.[1] ?? []) : []));
  return {
    /** The ranks that have begun. */
    begun,
    /** Whether every rank that began has an nsys that has ended; the ranks themselves may go on. */
    haveEnded: () => {
      const there = new Set(names());
      const ranks = begun();
      return ranks.length > 0 && ranks.every(rank => there.has(`${filesOfRanks()}-${rank}${ENDED}`));
    },
    /** How much nsys has written so far. */
    recordedBytes: () =>
      names()
        .filter(n => /\.(nsys-rep|qdstrm)$/.test(n))
        .reduce((sum, n) => sum + (statSync(join(folder.private, n), { throwIfNoEntry: false })?.size ?? 0), 0),
  };
}

/** The workload with nsys around it, or around each of the ranks that its launcher starts. */
function profiled(profile: readonly string[], command: readonly string[], pidFile: string, ranks: Launcher | undefined): readonly string[] {
  if (ranks === undefined) return [...profile, ...tracked(pidFile, command)];
  return tracked(pidFile, [
    ...command.slice(0, ranks.programAt),
    ...['sh', '-c', rankScript(ranks.name), pidFile, ...profile],
    ...['sh', '-c', RANK_TRACKED, pidFile, ...command.slice(ranks.programAt)],
  ]);
}

interface ProfileOptions {
  readonly session: string;
  readonly window: { readonly delaySeconds: Seconds; readonly durationSeconds: Seconds | undefined };
  readonly name: string;
  readonly ranks: Launcher | undefined;
  readonly sessionTag: string;
  readonly patienceSeconds: Seconds;
}

/** Records by `nsys profile`, whose workload lives on (`--kill none`): one nsys around the workload, or one in each rank. */
export function profileRecorder(
  nsys: Nsys,
  what: Recording,
  folder: CaseFolder,
  env: NodeJS.ProcessEnv,
  options: ProfileOptions,
): Recorder {
  const stem = folder.stem(options.name);
  let launched: Started | undefined;
  let ranksFile = '';
  const ranks = ranksIn(folder, () => ranksFile);
  /** Asks the nsys of the workload, or of each rank on this host, to stop recording and leave the workload alone. */
  const stopRecording = () =>
    Promise.all(
      (options.ranks === undefined ? [options.session] : ranks.begun().map(rank => `${options.session}-${rank}`)).map(session =>
        start(nsys.path, ['stop', `--session=${session}`], { env, stdout: folder.log('nsys'), stderr: folder.log('nsys') }),
      ),
    );
  /** Of what a launcher started only nsys: the ranks are not to suffer for it. */
  const hungProfilers = ({ pid }: Started) =>
    options.ranks === undefined ? [pid] : taggedProcesses(options.sessionTag).flatMap(p => (isProfiler(p) ? [p.pid] : []));

  return {
    // With a window nsys ends before the workload does, unless a launcher stands around both.
    endsWithWorkload: options.window.durationSeconds === undefined || options.ranks !== undefined,
    launch: async (command, pidFile) => {
      ranksFile = basename(pidFile);
      const profile = [
        nsys.path,
        ...profileArgs(nsys, what, { session: options.session, stem, perRank: options.ranks !== undefined }, options.window),
      ];
      const [program = '', ...args] = profiled(profile, command, pidFile, options.ranks);
      launched = await start(program, args, { env, stdout: folder.log('workload'), stderr: folder.log('workload') });
      return launched;
    },
    // The window opens by nsys's own clock.
    open: async () => undefined,
    close: async (_name, why) => {
      if (launched === undefined) return 'nsys was not started';
      const asked = why === 'time' || why === 'workload' ? [] : await stopRecording();
      const over = () =>
        launched?.ending() !== undefined ||
        (options.ranks !== undefined && ranks.haveEnded()) ||
        (asked.length > 0 && asked.every(a => a.ending() !== undefined));
      if ((await waitWhileBusy(over, options.sessionTag, options.patienceSeconds, ranks.recordedBytes)) === 'hung') {
        for (const pid of hungProfilers(launched)) signalProcess(pid, 'SIGKILL');
        return `nsys hung: it did nothing for ${options.patienceSeconds} s while it should have written the recording`;
      }
      return recordingsOf(folder, options.name).length > 0
        ? undefined
        : `nsys ended without a recording (exit code ${launched.ending()?.code ?? 'none'})`;
    },
    shutdownActions:
      options.ranks === undefined
        ? [{ command: nsys.path, args: ['stop', `--session=${options.session}`], seconds: SAVE_SECONDS }]
        : [{ command: 'sh', args: ['-c', SAVE_RANKS, folder.private, nsys.path, options.session], seconds: SAVE_SECONDS }],
  };
}
