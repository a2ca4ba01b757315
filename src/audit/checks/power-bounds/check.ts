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
  readonly statement: Statement;
  readonly others: readonly Statement[];
  readonly power: Range;
  readonly how: string;
}

/** What a run draws: as stated, or worked out from its tokens per joule. */
function drawsOf(set: StatementSet): Draw[] {
  const stated = scopesOf(ofQuantity(set, 'power_mean_w', c => c.role === 'result')).map(statement => ({
    statement,
    others: [],
    power: statement,
    how: `${num(statement.value)} W`,
  }));
  const implied = scopesOf(ofQuantity(set, 'tokens_per_joule', c => c.role === 'result')).flatMap(statement => {
    const rate = beside(set, statement, 'output_tokens_per_s');
    if (rate === undefined || beside(set, statement, 'power_mean_w') !== undefined) return [];
    const how = `${num(rate.value)} tok/s ÷ ${num(statement.value)} tok/J = ${num(rate.value / statement.value)} W`;
    return [{ statement, others: [rate], power: over(rate, statement), how }];
  });
  return [...stated, ...implied];
}

/** Load was asked for or tokens came out: a file that only says what a machine draws may say that it is idle. */
const isLoaded = (set: StatementSet, draw: Draw) =>
  draw.others.length > 0 ||
  (['output_tokens_per_s', 'requested_rate', 'requests_per_s'] as const).some(q => beside(set, draw.statement, q) !== undefined);

/** The machine as its own idle state was read, where one file has just these GPUs and all of them idle; else as the table has it. */
function asRead(set: StatementSet, gpus: Statement, machine: Machine): Machine {
  const read = ofQuantity(set, 'power_idle_w', c => c.of === machine.model);
  const [first] = read;
  if (first === undefined || read.length !== gpus.value || read.some(c => fileOf(c) !== fileOf(first))) return machine;
  const watts = read.reduce((sum, c) => sum + c.value, 0);
  const idle_source = `${gpus.value}×${machine.model} idle draw ${num(watts)} W (${fileOf(first)})`;
  return { ...machine, idle_w: watts / gpus.value, idle_source };
}

function nearIdle(set: StatementSet, draw: Draw, gpus: Statement, machine: Machine) {
  if (machine.idle_w === null || machine.limit_w === null || !isLoaded(set, draw)) return [];
  const idle = machine.idle_w * gpus.value;
  const limit = machine.limit_w * gpus.value;
  // What a sensor read may be near idle on average; where even its greatest value is, nothing ran.
  const greatest = draw.others.length > 0 ? draw.power : beside(set, draw.statement, 'power_max_w');
  if (greatest === undefined || greatest.upper > idle + NEAR_IDLE * (limit - idle)) return [];
  const watts = (draw.power.lower + draw.power.upper) / 2;
  const above = watts >= idle ? `only ${percent(watts / idle - 1)} above` : `${percent(1 - watts / idle)} below`;
  const sentence =
    `${draw.how}, ${num(watts / gpus.value)} W for each of ${gpus.value} GPUs, is ${above} idle: ${machine.idle_source}` +
    `${machine.idle_source.startsWith(`${gpus.value}×`) ? '' : `, so ${num(idle)} W for ${gpus.value}`}, limit ${num(limit)} W. ` +
    `Under load it would be far higher.${machine.published === undefined ? '' : ` ${machine.published}`}`;
  return [contradiction('implausible', draw.statement, { what: 'power', value: watts, unit: 'W' }, sentence, [...draw.others, gpus])];
}

function aboveLimit(set: StatementSet, draw: Draw, gpus: Statement, machine: Machine) {
  // Wall power holds fans, host and losses: only what the GPUs' own sensors say is bound by their limit.
  if (machine.limit_w === null || !/gpu/i.test(draw.statement.of) || draw.others.length > 0) return [];
  // A limit that the file states itself counts: see below.
  if (beside(set, draw.statement, 'power_limit_w', c => c.of === draw.statement.of) !== undefined) return [];
  const limit = machine.limit_w * gpus.value;
  if (draw.power.lower <= limit * (1 + SENSOR)) return [];
  const sentence = `${draw.how} is more than ${gpus.value} × ${num(machine.limit_w)} W = ${num(limit)} W, the power limit of ${gpus.value}×${machine.model}.`;
  return [contradiction('impossible', draw.statement, { what: 'power limit', value: limit, unit: 'W' }, sentence, [gpus])];
}

/** Power that a file reads beside the limit that it reads. */
function aboveStatedLimit(set: StatementSet) {
  return scopesOf(ofQuantity(set, 'power_mean_w', c => c.role === 'result')).flatMap(statement => {
    const limit = beside(set, statement, 'power_limit_w', c => c.of === statement.of);
    if (limit === undefined || statement.lower <= limit.upper * (1 + SENSOR)) return [];
    const sentence = `A mean of ${num(statement.value)} W is more than the power limit of ${num(limit.value)} W (${statement.of}).`;
    return [contradiction('impossible', statement, { what: 'power limit', value: limit.value, unit: 'W' }, sentence, [limit])];
  });
}

export default defineCheck({
  id: 'power-bounds',
  title: 'Power at idle, or above the limit',
  formula: 'idle + 5 % of (limit − idle) < P ≤ 1.05 × limit, with P the greatest that was read, or tok/s ÷ tok/J; times the GPUs',
  source: 'idle and limit read from real machines: src/audit/machines.ts names each; idle of nvidia-smi -q -x where it is audited too',
  find: set => [
    ...drawsOf(set).flatMap(draw => {
      const gpus = inContext(set, draw.statement, 'gpus');
      const machine = gpus === undefined ? undefined : machineNamed(gpus.of);
      return gpus === undefined || machine === undefined
        ? []
        : [...nearIdle(set, draw, gpus, asRead(set, gpus, machine)), ...aboveLimit(set, draw, gpus, machine)];
    }),
    ...aboveStatedLimit(set),
  ],
});
