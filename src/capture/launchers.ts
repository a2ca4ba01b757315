import { basename } from 'node:path';

/** What starts the ranks of a workload, and where in the command line the ranks' own program begins. */
export interface Launcher {
  readonly name: 'srun' | 'mpirun' | 'torchrun';
  /** Index of the first word of the program that each rank runs. */
  readonly programAt: number;
}

/**
 * Options that take their value as the next word. Long options of srun take it with `=` or as the next word (man srun); those of
 * Open MPI and Hydra with one dash or two (man mpirun, man mpiexec).
 */
const WITH_VALUE: Readonly<Record<'srun' | 'mpirun', ReadonlySet<string>>> = {
  srun: new Set(
    '-A -B -c -C -d -D -e -E -F -G -i -J -L -m -M -n -N -o -p -q -r -S -t -T -w -x --account --chdir --constraint --container-image --container-mounts --container-name --container-workdir --cpu-bind --cpus-per-gpu --cpus-per-task --dependency --distribution --error --exclude --export --gpu-bind --gpus --gpus-per-node --gpus-per-task --gres --hint --input --job-name --jobid --label-format --mem --mem-bind --mem-per-cpu --mem-per-gpu --mpi --network --nodefile --nodelist --nodes --ntasks --ntasks-per-core --ntasks-per-gpu --ntasks-per-node --open-mode --output --partition --qos --reservation --signal --task-epilog --task-prolog --time --wait --wckey'.split(
      ' ',
    ),
  ),
  mpirun: new Set(
    '-n -np --np -c -N -H -host --host -hosts -f -hostfile --hostfile -machinefile --machinefile -wdir --wdir -wd -x -npernode --npernode -ppn --ppn -rf --rankfile -map-by --map-by -bind-to --bind-to -rank-by --rank-by -prefix --prefix -path --path -output-filename --output-filename -report-uri --report-uri -launcher -iface -genvlist -env-list -outfile-pattern -errfile-pattern'.split(
      ' ',
    ),
  ),
};
/** Options that take two words. */
const WITH_TWO_VALUES = new Set(['-mca', '--mca', '-gmca', '--gmca', '-env', '-genv', '--prtemca', '--pmixmca']);

const LAUNCHERS: Readonly<Record<string, Launcher['name']>> = {
  srun: 'srun',
  mpirun: 'mpirun',
  mpiexec: 'mpirun',
  'mpiexec.hydra': 'mpirun',
  orterun: 'mpirun',
  prterun: 'mpirun',
  torchrun: 'torchrun',
};

/** The launcher that a command begins with, if it does. `python -m torch.distributed.run` is torchrun. */
export function launcherOf(command: readonly string[]): Launcher | undefined {
  const first = basename(command[0] ?? '');
  if (/^python[\d.]*$/.test(first) && command[1] === '-m' && /^torch\.distributed\.(run|launch)$/.test(command[2] ?? ''))
    return { name: 'torchrun', programAt: 0 };
  const name = LAUNCHERS[first];
  if (name === undefined) return undefined;
  // torchrun starts all ranks of this host as its children, whom nsys follows: the launcher itself is what is recorded.
  if (name === 'torchrun') return { name, programAt: 0 };
  let i = 1;
  while (i < command.length) {
    const word = command[i] ?? '';
    if (word === '--') return { name, programAt: i + 1 };
    if (!word.startsWith('-')) break;
    if (WITH_TWO_VALUES.has(word)) i += 3;
    else i += WITH_VALUE[name].has(word) ? 2 : 1;
  }
  return { name, programAt: i };
}
