import { z } from 'zod';

const count = z.int().nonnegative();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** Hypotheses of the harness, as docs/storage.md words them. */
const StorageHypothesis = z.enum(['h0', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'h7', 'h8']);

/** Which adapter a request asks for. */
const PlannedAdapters = z.strictObject({
  list: z.string().describe('its name in the config, as "16"'),
  size: count.describe('adapters in the list'),
  session: z
    .enum(['random', 'sticky', 'in-turn'])
    .describe('random: drawn for each request; sticky: a session keeps the one it drew; in-turn: one after the other (H1)'),
});

const PlannedLoad = z.strictObject({
  prompts: z.string().describe('the prompt set'),
  prompt_tokens: count.nullable().describe('of each prompt; null for the text of a file, whose tokens the server counts'),
  output_tokens: count.describe('asked for in each answer'),
  concurrency: count.nullable().describe('requests in flight of a closed loop; null in an open one'),
  rate_per_s: z.number().nullable().describe('requests a second of an open loop; null in a closed one'),
  sessions: count.describe('users: the places of a closed loop, or those of an open one'),
  duration_s: z.number().nullable().describe('measured seconds; null where requests end it'),
  warm_up_s: z.number().describe('seconds before, not measured'),
  requests: count.nullable().describe('so many, and no more; null where duration_s ends it'),
  nonce: z.boolean().describe('each prompt begins with five words that no other begins with: no cache of prefixes knows it'),
  adapters: PlannedAdapters.nullable().describe('null: none are asked for'),
});

const PlannedContention = z.strictObject({
  level: z.string().describe('its name in the config'),
  iodepth: count,
  jobs: count,
  block_kib: count,
  rate_iops: count.nullable().describe('most reads a second in each job; null: as many as it can'),
});

/** One step: one arm of one hypothesis, once. It names no program: those stand in the config alone. */
export const StorageStep = z.strictObject({
  id: z
    .string()
    .regex(/^[\w.-]+$/)
    .describe('name of its folder, as 0007-L8B-h4-heavy-r2; its first number is its place in the order'),
  position: count.describe('place in the order, from 0'),
  hypothesis: z.enum(['h0', 'h1', 'h2', 'h4', 'h5', 'h6']).describe('for which it is made'),
  serves: z.array(StorageHypothesis).describe('all hypotheses that read it: h2 steps also h3, adapter steps also h7, all of them h8'),
  model: z.string(),
  server: z.enum(['baseline', 'adapters']),
  arm: z
    .string()
    .describe(
      'concurrency-8 (h0), cold or warm (h1), a prompt set (h2), a level of contention or none (h4), 16-random (h5), baseline or storm (h6)',
    ),
  level: z
    .number()
    .nullable()
    .describe(
      'what the arm sets: h0 requests in flight; h2 tokens held at once, (prompt + output) × requests in flight, where known; h4 rank of the level from 0; h5 adapters in the list; null for h1, h6',
    ),
  working_set_bytes: z.number().nullable().describe('h2: level × kv_bytes_per_token; null where either is not known'),
  block: count.describe(
    'the repeat, from 1. All arms of a block run before the next block of the same server begins, in an order of its own',
  ),
  pair: z
    .string()
    .nullable()
    .describe('arms of one block that are compared with each other (h1 cold and warm, h6 baseline and storm) share it'),
  seed: z.int().describe('of its load'),
  load: PlannedLoad,
  contention: PlannedContention.nullable(),
  restart: z.boolean().describe('the server is started anew before it'),
  drop: z.enum(['all', 'adapters', 'none']).describe('what leaves the page cache before it'),
  prime: z.boolean().describe('the files of its adapters are read into the page cache before it (h1 warm)'),
});

export type StorageStep = z.infer<typeof StorageStep>;

/** plan.json: made of the config and its seed alone; the same config makes the same plan, to the byte. */
export const StoragePlan = z.strictObject({
  schema: z.literal('forensics.storage-plan/1'),
  seed: z.int(),
  config_sha256: sha256.describe('of the config as it is understood (defaults filled in), and of the lists and texts that it names'),
  device: z.string().nullable().describe('the disk that the config names; null: found when it runs'),
  least_s: z.number().describe('seconds that the loads of all steps take at least; starts, settling and answers come on top'),
  steps: z.array(StorageStep).min(1),
});
export type StoragePlan = z.infer<typeof StoragePlan>;
