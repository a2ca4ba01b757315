import { plain } from '#core/format/numbers';
import type { Change } from '#machine/drift/change';

/** The two values as they read, with their unit. */
export interface ChangeTexts {
  readonly before: string;
  readonly now: string;
}

/** Paths whose ends alone say too little: counts since the driver was loaded and of the whole life, parts of the fabric. */
const LONG = /^(?:ecc_errors|fabric)\./;

/** The end of a dotted path, in words: `gpu_power_readings.current_power_limit` is "current power limit". */
const nameOf = (name: string): string =>
  name
    .split('.')
    .slice(LONG.test(name) ? 1 : -1)
    .join(' ')
    .replaceAll('_', ' ');

/** By how much a counter rose; one that fell began anew. */
function rise({ before, now }: Change): string {
  const [was, is] = [Number(before), Number(now)];
  return is >= was
    ? `rose by ${plain(is - was)}, from ${plain(was)} to ${plain(is)}`
    : `began anew and counts ${plain(is)} since (it was ${plain(was)})`;
}

function variable({ name, before, now }: Change): string {
  if (before === null) return `${name} is set now, to ${now}.`;
  if (now === null) return `${name} is not set any more; it was ${before}.`;
  return `${name} was ${before} and is ${now}.`;
}

type Words = (change: Change, texts: ChangeTexts) => string;

/** Versions that are told with their own names. */
const VERSIONS: Readonly<Record<string, string>> = {
  driver_version: 'the driver',
  cuda_version: 'the newest CUDA that the driver runs',
  torch: 'PyTorch',
  torch_cuda: 'the CUDA that PyTorch was built for',
  nccl: 'NCCL',
  vllm: 'vLLM',
  nsys: 'nsys',
  cuda_toolkit: 'the CUDA toolkit',
};
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const versions: Words = ({ entity, name }, { before, now }) =>
  `${capital(VERSIONS[name] ?? `${name === 'version' ? entity : name.replaceAll('_', ' ')}`)} was ${before} and is ${now}.`;

const counted: Words = change => `${change.entity}: ${nameOf(change.name)} ${rise(change)}.`;
const WORDS: Readonly<Record<string, Words>> = {
  'gpu-gone': ({ entity }) => `${entity} is gone: the machine shows it no more.`,
  'gpu-added': ({ entity }) => `${entity} was not there before.`,
  'board-replaced': ({ entity }) => `${entity} is another board than before.`,
  renumbered: ({ before, now }) => `The board that was GPU ${before} is GPU ${now}.`,
  lost: ({ entity, before, now }) =>
    now === null ? `${entity} answers again; it said “${before}”.` : `${entity} does not answer: the driver says “${now}”.`,
  'fewer-links': ({ entity }, { before, now }) => `${entity} has ${now} active NVLinks; it had ${before}.`,
  'more-links': ({ entity }, { before, now }) => `${entity} has ${now} active NVLinks; it had ${before}.`,
  'link-speed': ({ entity }, { before, now }) => `The slowest NVLink of ${entity} runs at ${now}; it ran at ${before}.`,
  way: ({ entity }, { before, now }) => `${entity.replace('-', ' and ')} are joined by ${now}; they were joined by ${before}.`,
  xid: ({ entity, name, now }) => `The driver told the kernel of ${name} on ${entity} (${now} since).`,
  variable: change => variable(change),
  driver: versions,
  version: versions,
  firmware: ({ entity, name }, { before, now }) => `${entity}: ${nameOf(name)} was ${before} and is ${now}.`,
  commit: (_, { before, now }) => `The commit was ${before.slice(0, 12)} and is ${now.slice(0, 12)}.`,
  'memory-errors': counted,
  'remapped-rows': counted,
  'link-errors': counted,
  'pcie-replays': counted,
  'fabric-manager-errors': ({ name, ...change }) => `The log of the fabric manager: ${name} ${rise({ name, ...change })}.`,
  'vllm-errors': counted,
  'thermal-slowdown': ({ entity, name, before, now }) =>
    `${entity}: clocks were lowered for ${plain(Math.max(0, Number(now) >= Number(before) ? Number(now) - Number(before) : Number(now)) / 1e6)} s since (${nameOf(name).replace(/^clocks (?:event|throttle) reasons counters /, '')}).`,
};

/** Any other change. */
const plainly: Words = ({ entity, name, before, now }, texts) => {
  const what = `${entity}: ${nameOf(name)}`;
  if (before === null) return `${what} is ${texts.now}; there was none before.`;
  return now === null ? `${what} is there no more; it was ${texts.before}.` : `${what} was ${texts.before} and is ${texts.now}.`;
};

/** A change in a sentence. */
export const changeWords: Words = (change, texts) => (WORDS[change.kind] ?? plainly)(change, texts);
