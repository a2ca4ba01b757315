import { ForensicsError } from '#core/errors';
import { type AskedMachine, unreached } from '#record/checkup/asked';
import { READING_QUERY, readingsIn } from '#record/checkup/gpu-readings';
import { smiFailure } from '#record/samplers/nvidia-smi';

const QUESTION_SECONDS = 20;

/** @throws ForensicsError not-found where the machine is not reached, unsupported where it shows no GPU */
export async function assertGpus(machine: AskedMachine): Promise<void> {
  const answer = await machine.ask(['nvidia-smi', ...READING_QUERY], QUESTION_SECONDS);
  const lost = unreached(machine, answer);
  if (lost !== undefined)
    throw new ForensicsError('not-found', `the machine was not reached: ${lost}`, 'Check that ssh HOST true works without a question.');
  const why = smiFailure(answer);
  if (why === undefined && readingsIn(answer.stdout).length > 0) return;
  const where = machine.by === 'ssh' ? 'there' : 'here';
  throw new ForensicsError(
    'unsupported',
    `there is no GPU to look at ${where}: ${why ?? 'nvidia-smi lists none'}`,
    'Run it on the GPU machine, or name that with --ssh HOST.',
  );
}
