import { basename } from 'node:path';

/** What starts the ranks of a workload, and where in the command line the ranks' own program begins. */
export interface Launcher {
  readonly name: 'srun' | 'mpirun' | 'torchrun';
  /** Index of the first word of the program that each rank runs. */
  readonly programAt: number;
  /** Whether the ranks run different programs, of which `programAt` is only the first. */
  readonly mixed: boolean;
}

const words = (text: string) => new Set(text.trim().split(/\s+/));

/**
 * Options that take their value as the next word, or with `=`. Those that take it with `=` alone (srun --immediate[=secs]) are not
 * here. From `srun --help` of Slurm 22.05 and its manual since then, `mpirun --help full` of Open MPI 4.1, the manual of PRRTE
 * (Open MPI 5), `mpiexec.hydra --help` of MPICH 4.0, and Intel MPI's -perhost.
 */
const WITH_VALUE: Readonly<Record<'srun' | 'mpirun', ReadonlySet<string>>> = {
  srun: words(`
    -A -b -B -c -C -d -D -e -G -i -J -L -m -M -n -N -o -p -q -r -S -t -T -w -W -x
    --account --acctg-freq --bb --bbf --bcast-exclude --begin --chdir --cluster-constraint --clusters --comment --constraint --container
    --container-env --container-id --container-image --container-mounts --container-name --container-save --container-workdir
    --core-spec --cores-per-socket --cpu-bind --cpu-freq --cpus-per-gpu --cpus-per-task --deadline --delay-boot --dependency
    --distribution --epilog --error --exclude --export --export-file --extra --extra-node-info --gid --gpu-bind --gpu-freq --gpus
    --gpus-per-node --gpus-per-socket --gpus-per-task --gres --gres-flags --het-group --hint --input --job-name --jobid --licenses
    --mail-type --mail-user --mcs-label --mem --mem-bind --mem-per-cpu --mem-per-gpu --mincpus --mpi --msg-timeout --network
    --nodefile --nodelist --nodes --ntasks --ntasks-per-core --ntasks-per-gpu --ntasks-per-node --ntasks-per-socket
    --ntasks-per-tres --oom-kill-step --open-mode --output --partition --power --prefer --priority --profile --prolog --qos
    --relative --reservation --segment --signal --slurmd-debug --sockets-per-node --switches --task-epilog --task-prolog
    --thread-spec --threads --threads-per-core --time --time-min --tmp --tree-width --treewidth --tres-bind --tres-per-task --uid
    --wait --wckey`),
  mpirun: words(`
    -am --app -bind-to --bind-to -c -cf --cartofile -configfile -cpu-list --cpu-list -cpu-set --cpu-set -cpus-per-proc --cpus-per-proc
    -cpus-per-rank --cpus-per-rank -debugger --debugger -default-hostfile --default-hostfile -demux --display --dvm-uri
    -envlist -errfile-pattern -f -genvlist -gpus-per-proc -H -hnp --hnp -host --host -hostfile --hostfile -hosts -iface -launch-agent
    --launch-agent -launcher -launcher-exec -localhost -machinefile --machinefile -map-by --map-by -max-restarts --max-restarts
    -max-vm-size --max-vm-size -membind -n --n -N -nameserver -np --np -npernode --npernode -npersocket --npersocket -ompi-server
    --ompi-server -order-nodes -outfile-pattern --output -output-filename --output-filename -path --path -perhost -personality
    --personality -ppn --ppn --ppr --prefix --preload-files -prepend-pattern -rank-by --rank-by -report-events --report-events
    -report-pid --report-pid -report-uri --report-uri -rf --rankfile -rmk --runtime-options -stdin --stdin -timeout --timeout -topolib
    -tune --tune -usize -wd --wd -wdir --wdir -x -xml-file --xml-file -xterm --xterm`),
};
/** Options that take two words. */
const WITH_TWO_VALUES = words('-env -genv -gmca --gmca --gpmixmca --gprtemca -mca --mca --pmixmca --prtemca');

const LAUNCHERS: Readonly<Record<string, Launcher['name']>> = {
  srun: 'srun',
  mpirun: 'mpirun',
  mpiexec: 'mpirun',
  'mpiexec.hydra': 'mpirun',
  'mpirun.mpich': 'mpirun',
  'mpiexec.mpich': 'mpirun',
  'mpirun.openmpi': 'mpirun',
  'mpiexec.openmpi': 'mpirun',
  orterun: 'mpirun',
  prterun: 'mpirun',
  torchrun: 'torchrun',
};

/** The launcher that a command begins with, if it does. `python -m torch.distributed.run` is torchrun. */
export function launcherOf(command: readonly string[]): Launcher | undefined {
  const first = basename(command[0] ?? '');
  if (/^python[\d.]*$/.test(first) && command[1] === '-m' && /^torch\.distributed\.(run|launch)$/.test(command[2] ?? ''))
    return { name: 'torchrun', programAt: 0, mixed: false };
  const name = LAUNCHERS[first];
  if (name === undefined) return undefined;
  // torchrun starts all ranks of this host as its children, whom nsys follows: the launcher itself is what is recorded.
  if (name === 'torchrun') return { name, programAt: 0, mixed: false };
  let at = 1;
  while (at < command.length) {
    const word = command[at] ?? '';
    if (word === '--') {
      at++;
      break;
    }
    if (!word.startsWith('-')) break;
    if (WITH_TWO_VALUES.has(word)) at += 3;
    else at += WITH_VALUE[name].has(word) ? 2 : 1;
  }
  // `mpirun -n 1 a : -n 3 b`, the same for srun, and programs that a file lists.
  const listed = command.slice(1, at).some(w => /^(--multi-prog|-?-app|-configfile)$/.test(w));
  return { name, programAt: at, mixed: listed || command.slice(at).includes(':') };
}
