import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Seconds } from '#core/units';
import type { AskedMachine } from './asked.ts';

/** An answer that was kept as a file. */
export interface KeptOutput {
  readonly file: string;
  /** The command that wrote it. */
  readonly by: string;
}

const SECONDS: Seconds = 20;
/** Of a server that runs for weeks; what it says as it starts stands at the beginning of its log, what goes wrong at the end. */
const LOG_LINES = '20000';
/** Containers that serve a model, by their image or name. */
const SERVES = /vllm|sglang|text-generation|tgi|tensorrt|trtllm|triton/i;

/** What tells the state of the machine: nvidia-smi's own words, each in a file of its own. */
const STATE: readonly (readonly [file: string, words: readonly string[]])[] = [
  ['nvidia-smi.xml', ['nvidia-smi', '-q', '-x']],
  ['topology.txt', ['nvidia-smi', 'topo', '-m']],
  ['nvlink.txt', ['nvidia-smi', 'nvlink', '-s']],
];

/** Asks for the state of the machine. @returns what answered, and a command and its reason for each that did not */
export async function stateOf(
  machine: AskedMachine,
  folder: string,
): Promise<{ readonly kept: KeptOutput[]; readonly missing: KeptOutput[] }> {
  const kept: KeptOutput[] = [];
  const missing: KeptOutput[] = [];
  for (const [name, words] of STATE) {
    const answer = await machine.ask(words, SECONDS);
    const output = { file: join(folder, name), by: words.join(' ') };
    if (answer.code !== 0 || answer.stdout.trim() === '') missing.push(output);
    else {
      writeFileSync(output.file, answer.stdout);
      kept.push(output);
    }
  }
  return { kept, missing };
}

/** The containers of a machine that serve a model; undefined where docker does not answer. */
async function serving(machine: AskedMachine): Promise<readonly string[] | undefined> {
  const { code, stdout } = await machine.ask(['docker', 'ps', '--format', '{{.ID}} {{.Image}} {{.Names}}'], SECONDS);
  if (code !== 0) return undefined;
  return stdout.split('\n').flatMap(row => {
    const [id = '', ...called] = row.trim().split(' ');
    return /^[\da-f]{6,64}$/.test(id) && SERVES.test(called.join(' ')) ? [id] : [];
  });
}

/** Fetches the logs of containers that serve a model. @returns undefined where docker does not answer */
export async function containerLogs(machine: AskedMachine, folder: string): Promise<readonly KeptOutput[] | undefined> {
  const ids = await serving(machine);
  if (ids === undefined) return undefined;
  const kept: KeptOutput[] = [];
  for (const id of ids) {
    const { code, stdout, stderr } = await machine.ask(['docker', 'logs', '--tail', LOG_LINES, id], SECONDS);
    if (code !== 0) continue;
    const file = join(folder, `container-${kept.length}.log`);
    // A server writes its log to either.
    writeFileSync(file, `${stdout}${stderr}`);
    kept.push({ file, by: 'docker logs' });
  }
  return kept;
}
