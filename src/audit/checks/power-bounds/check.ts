import { contradiction, defineCheck } from '../../define.ts';
import { type Machine, machineNamed } from '../../machines.ts';
import { over, type Range } from '../../range.ts';
import type { Statement } from '../../statement.ts';
import { beside, fileOf, inContext, ofQuantity, type StatementSet, scopesOf } from '../../statement-set.ts';
import { num, percent } from '../../wording.ts';

/**
 * A machine under load stands further above idle than this share of the way to its limit. A server of ours whose GPU computed 15 % of
 * the time drew 15 % of the way (captures/cudnn_plan), so 5 % means a GPU that hardly ever computes.
 */
const NEAR_IDLE = 0.05;
/** A mean may pass the limit by the sensor's error: 5 % (NVML's stated accuracy of power.draw). */
const SENSOR = 0.05;

interface Draw {
  readonly claim: Statement;
  readonly others: readonly Statement[];
  readonly power: Range;
  readonly how: string;
}

/** What a run draws: as stated, or worked out from its tokens per joule. */
function drawsOf(book: StatementSet): Draw[] {
  const stated = scopesOf(ofQuantity(book, 'power_mean_w', c => c.role === 'result')).map(claim => ({
    claim,
    others: [],
    power: claim,
    how: `${num(claim.value)} W`,
  }));
  const implied = scopesOf(ofQuantity(book, 'tokens_per_joule', c => c.role === 'result')).flatMap(claim => {
    const rate = beside(book, claim, 'output_tokens_per_s');
    if (rate === undefined || beside(book, claim, 'power_mean_w') !== undefined) return [];
    const how = `${num(rate.value)} tok/s ÷ ${num(claim.value)} tok/J = ${num(rate.value / claim.value)} W`;
    return [{ claim, others: [rate], power: over(rate, claim), how }];
  });
  return [...stated, ...implied];
}

/** Load was asked for or tokens came out: a file that only says what a machine draws may say that it is idle. */
const isLoaded = (book: StatementSet, draw: Draw) =>
  draw.others.length > 0 ||
  (['output_tokens_per_s', 'requested_rate', 'requests_per_s'] as const).some(q => beside(book, draw.claim, q) !== undefined);

/** The machine as its own idle state was read, where one file has just these GPUs and all of them idle; else as the table has it. */
function asRead(book: StatementSet, gpus: Statement, machine: Machine): Machine {
  const read = ofQuantity(book, 'power_idle_w', c => c.of === machine.model);
  const [first] = read;
  if (first === undefined || read.length !== gpus.value || read.some(c => fileOf(c) !== fileOf(first))) return machine;
  const watts = read.reduce((sum, c) => sum + c.value, 0);
  const idle_source = `${gpus.value}×${machine.model} idle draw ${num(watts)} W (${fileOf(first)})`;
  return { ...machine, idle_w: watts / gpus.value, idle_source };
}

function nearIdle(book: StatementSet, draw: Draw, gpus: Statement, machine: Machine) {
  if (machine.idle_w === null || machine.limit_w === null || !isLoaded(book, draw)) return [];
  const idle = machine.idle_w * gpus.value;
  const limit = machine.limit_w * gpus.value;
  // What a sensor read may be near idle on average; where even its greatest value is, nothing ran.
  const greatest = draw.others.length > 0 ? draw.power : beside(book, draw.claim, 'power_max_w');
  if (greatest === undefined || greatest.upper > idle + NEAR_IDLE * (limit - idle)) return [];
  const watts = (draw.power.lower + draw.power.upper) / 2;
  const above = watts >= idle ? `only ${percent(watts / idle - 1)} above` : `${percent(1 - watts / idle)} below`;
  const sentence =
    `${draw.how}, ${num(watts / gpus.value)} W for each of ${gpus.value} GPUs, is ${above} idle: ${machine.idle_source}` +
    `${machine.idle_source.startsWith(`${gpus.value}×`) ? '' : `, so ${num(idle)} W for ${gpus.value}`}, limit ${num(limit)} W. ` +
    `Under load it would be far higher.${machine.published === undefined ? '' : ` ${machine.published}`}`;
  return [contradiction('implausible', draw.claim, { what: 'power', value: watts, unit: 'W' }, sentence, [...draw.others, gpus])];
}

function aboveLimit(book: StatementSet, draw: Draw, gpus: Statement, machine: Machine) {
  // Wall power holds fans, host and losses: only what the GPUs' own sensors say is bound by their limit.
  if (machine.limit_w === null || !/gpu/i.test(draw.claim.of) || draw.others.length > 0) return [];
  // A limit that the file states itself counts: see below.
  if (beside(book, draw.claim, 'power_limit_w', c => c.of === draw.claim.of) !== undefined) return [];
  const limit = machine.limit_w * gpus.value;
  if (draw.power.lower <= limit * (1 + SENSOR)) return [];
  const sentence = `${draw.how} is more than ${gpus.value} × ${num(machine.limit_w)} W = ${num(limit)} W, the power limit of ${gpus.value}×${machine.model}.`;
  return [contradiction('impossible', draw.claim, { what: 'power limit', value: limit, unit: 'W' }, sentence, [gpus])];
}

/** Power that a file reads beside the limit that it reads. */
function aboveStatedLimit(book: StatementSet) {
  return scopesOf(ofQuantity(book, 'power_mean_w', c => c.role === 'result')).flatMap(claim => {
    const limit = beside(book, claim, 'power_limit_w', c => c.of === claim.of);
    if (limit === undefined || claim.lower <= limit.upper * (1 + SENSOR)) return [];
    const sentence = `A mean of ${num(claim.value)} W is more than the power limit of ${num(limit.value)} W (${claim.of}).`;
    return [contradiction('impossible', claim, { what: 'power limit', value: limit.value, unit: 'W' }, sentence, [limit])];
  });
}

export default defineCheck({
  id: 'power-bounds',
  title: 'Power at idle, or above the limit',
  formula: 'idle + 5 % of (limit − idle) < P ≤ 1.05 × limit, with P the greatest that was read, or tok/s ÷ tok/J; times the GPUs',
  source: 'idle and limit read from real machines: src/audit/machines.ts names each; idle of nvidia-smi -q -x where it is audited too',
  find: book => [
    ...drawsOf(book).flatMap(draw => {
      const gpus = inContext(book, draw.claim, 'gpus');
      const machine = gpus === undefined ? undefined : machineNamed(gpus.of);
      return gpus === undefined || machine === undefined
        ? []
        : [...nearIdle(book, draw, gpus, asRead(book, gpus, machine)), ...aboveLimit(book, draw, gpus, machine)];
    }),
    ...aboveStatedLimit(book),
  ],
});
