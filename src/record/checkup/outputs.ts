import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Seconds } from '#core/units';
import { recordedEnvironment } from '#record/samplers/snapshot/environment';
import type { AskedMachine } from './asked.ts';

/** An answer that was kept as a file. */
export interface KeptOutput {
  readonly file: string;
  /** The command that wrote it. */
  readonly by: string;
}

const SECONDS: Seconds = 20;
/** Who runs a container is not known here, and is not asked. */
const NOBODY = { hostname: '', home: undefined, user: undefined };
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

/** Its variables, as docker was told them: only those that change how a GPU program runs, without what is private. */
async function environmentOf(machine: AskedMachine, id: string): Promise<Readonly<Record<string, string>>> {
  const format = '{{range .Config.Env}}{{println .}}{{end}}';
  const { code, stdout } = await machine.ask(['docker', 'inspect', '--format', format, id], SECONDS);
  if (code !== 0) return {};
  const pairs = stdout.split('\n').flatMap(line => {
    const [, name = '', value = ''] = /^(\w+)=(.*)$/.exec(line) ?? [];
    return name === '' ? [] : [[name, value] as const];
  });
  return recordedEnvironment(Object.fromEntries(pairs), NOBODY);
}

/** What a container that serves a model says of it. */
export interface ServerContainer {
  /** Its log, as a file. */
  readonly log: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
}

/** Asks the containers that serve a model for their logs and variables. @returns undefined where docker does not answer */
export async function serverContainers(machine: AskedMachine, folder: string): Promise<readonly ServerContainer[] | undefined> {
  const ids = await serving(machine);
  if (ids === undefined) return undefined;
  const containers: ServerContainer[] = [];
  for (const id of ids) {
    const { code, stdout, stderr } = await machine.ask(['docker', 'logs', '--tail', LOG_LINES, id], SECONDS);
    const file = join(folder, `container-${containers.length}.log`);
    // A server writes its log to either.
    if (code === 0) writeFileSync(file, `${stdout}${stderr}`);
    containers.push({ log: code === 0 ? file : undefined, environment: await environmentOf(machine, id) });
  }
  return containers;
}
