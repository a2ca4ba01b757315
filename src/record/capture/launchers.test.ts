import { expect, test } from 'vitest';
import { launcherOf } from './launchers.ts';

const split = (line: string) => line.split(' ');
const program = (line: string) => {
  const launcher = launcherOf(split(line));
  return launcher === undefined ? undefined : [launcher.name, split(line).slice(launcher.programAt).join(' ')];
};

test.each([
  ['srun python3 train.py --lr 1', 'python3 train.py --lr 1'],
  ['srun -n 2 python3 train.py', 'python3 train.py'],
  ['srun -n2 -N1 python3 train.py', 'python3 train.py'],
  ['srun --ntasks=2 --gres=gpu:8 python3 train.py -n 4', 'python3 train.py -n 4'],
  ['srun --ntasks 2 --gres gpu:8 python3 train.py', 'python3 train.py'],
  ['/usr/bin/srun -lu -K --kill-on-bad-exit=1 --mpi pmix ./a.out', './a.out'],
  ['srun -E -n 2 ./a.out', './a.out'],
  ['srun -I60 --immediate=60 --exclusive --pty -n 1 bash', 'bash'],
  ['srun --cpu-bind=cores --cpu-bind cores -c 8 --mem-per-gpu 4G -W 0 numactl -N 0 ./a.out', 'numactl -N 0 ./a.out'],
  ['srun --container-image nvcr.io/x --container-mounts /a:/b -w n[1-2] -x n3 python3 -m pkg', 'python3 -m pkg'],
  ['srun -n 2 -- python3 --version', 'python3 --version'],
  ['srun -N 2 --ntasks-per-node 1 torchrun --nproc-per-node 8 train.py', 'torchrun --nproc-per-node 8 train.py'],
])('%s: srun starts %s', (line, rest) => {
  expect(program(line)).toEqual(['srun', rest]);
  expect(launcherOf(split(line))?.mixed).toBe(false);
});

test.each([
  ['mpirun -np 4 ./a.out', './a.out'],
  ['mpirun --allow-run-as-root -n 2 --oversubscribe ./a.out -x 1', './a.out -x 1'],
  ['mpirun -H a,b:2 -x NCCL_DEBUG=INFO -x PATH --mca btl ^tcp -mca pml ob1 python3 t.py', 'python3 t.py'],
  ['mpirun --bind-to core --map-by ppr:1:node --report-bindings --tag-output ./a.out', './a.out'],
  ['mpiexec --hostfile hosts --wdir /data --timeout 60 ./a.out', './a.out'],
  ['mpiexec.hydra -f hosts -ppn 4 -genv OMP_NUM_THREADS 8 -env A 1 -genvall -l ./a.out', './a.out'],
  ['/opt/openmpi/bin/orterun -npernode 8 ./a.out', './a.out'],
  ['prterun --prtemca a 1 --pmixmca b 2 --display map --output tag ./a.out', './a.out'],
])('%s: mpirun starts %s', (line, rest) => expect(program(line)).toEqual(['mpirun', rest]));

test.each([
  'torchrun --nproc-per-node 8 train.py',
  '/venv/bin/torchrun train.py',
  'python3 -m torch.distributed.run --nproc-per-node=2 train.py',
  'python3.11 -m torch.distributed.launch train.py',
])('%s is one program that nsys follows into its ranks', line =>
  expect(launcherOf(split(line))).toEqual({ name: 'torchrun', programAt: 0, mixed: false }),
);

test.each(['python3 train.py', './srun.sh -n 2', 'bash -c srun', 'python3 -m torchrun_like', 'python3 srun', ''])(
  '%s starts no ranks',
  line => expect(launcherOf(split(line))).toBeUndefined(),
);

test.each([
  ['mpirun -n 1 ./a.out : -n 3 ./b.out', true],
  ['srun --multi-prog -n 4 ranks.conf', true],
  ['mpirun --app file', true],
  ['mpiexec.hydra -configfile file', true],
  ['mpirun -n 4 ./a.out --ratio 1:3', false],
])('%s: the ranks run different programs: %s', (line, mixed) => expect(launcherOf(split(line))?.mixed).toBe(mixed));

test('a launcher without a program, or without a value for its last option, starts nothing', () => {
  expect(program('srun')).toEqual(['srun', '']);
  expect(program('mpirun -np')).toEqual(['mpirun', '']);
});
