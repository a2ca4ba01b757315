import { z } from 'zod';

const seconds = z.number().positive().max(86_400);
const command = z
  .array(z.string().min(1))
  .min(1)
  .describe('a program and its arguments, started as they stand, without a shell, in the folder of the config');
const name = z.string().regex(/^[\w.-]{1,64}$/, 'letters, digits, points, hyphens and underscores, 64 at most');

/** A server under test. What it runs is the user's own, as a Makefile's commands are. */
const StorageServer = z.strictObject({
  api: z.enum(['completions', 'chat', 'triton']).describe('triton: …/generate or …/generate_stream; adapters then go as a parameter'),
  url: z.url().describe('the endpoint, as http://127.0.0.1:8355/v1/completions'),
  model: z
    .string()
    .min(1)
    .optional()
    .describe('the model to ask for; the first that the server lists where it is not said. Not for triton'),
  adapter_field: z
    .string()
    .min(1)
    .optional()
    .describe("where the name of an adapter goes in the body; a point steps into an object. 'model', or 'parameters.lora_name' for triton"),
  start: command.optional().describe('starts it; it must stay in the foreground. Left out: it runs already, and no step can restart it'),
  stop: command.optional().describe('stops it; left out: SIGTERM, and after stop_s SIGKILL, to all that start has started'),
  env: z.record(z.string(), z.string()).default({}).describe('added to the environment of start and stop'),
  health: z.url().optional().describe('answers 200 once it serves; left out: /health, or /v2/health/ready for triton, of the same server'),
  ready_s: seconds.default(600).describe('for how long it may start, s'),
  stop_s: seconds.default(30).describe('for how long it may stop, s'),
});
export type StorageServer = z.infer<typeof StorageServer>;

const Model = z.strictObject({
  baseline: StorageServer.optional().describe('without adapters: H0, H2, H4 ask it'),
  adapters: StorageServer.optional().describe('with adapters: H1, H5, H6 ask it'),
  kv_bytes_per_token: z
    .number()
    .positive()
    .optional()
    .describe('bytes of KV cache a token takes; working sets are then told in bytes as well'),
});

/** What requests say: so many generated tokens, or a text of a file. */
const PromptSet = z
  .strictObject({
    prompt_tokens: z.int().positive().optional().describe('length of generated prompts, tokens'),
    file: z
      .string()
      .min(1)
      .optional()
      .describe('a text, which is each prompt; beside the config. Its tokens are counted where the server does'),
    output_tokens: z.int().positive().default(64).describe('asked for in each answer'),
  })
  .refine(set => (set.prompt_tokens === undefined) !== (set.file === undefined), 'a prompt set has prompt_tokens or file, one of them');

const AdapterList = z.strictObject({
  file: z
    .string()
    .min(1)
    .describe('names of adapters, a line each, and after a space the file of its weights where residency is to be told'),
});

/** One level of load on the disk beside the server. All are random reads that pass by the page cache (fio: randread, direct=1). */
const Contention = z.strictObject({
  iodepth: z.int().min(1).max(1024).default(8).describe('reads that are in flight in a job (fio: iodepth)'),
  jobs: z.int().min(1).max(64).default(1).describe('fio: numjobs'),
  block_kib: z.int().min(1).max(4096).default(128).describe('KiB of a read (fio: bs)'),
  rate_iops: z.int().positive().optional().describe('most reads a second in each job (fio: rate_iops); left out: as many as it can'),
});

export type Contention = z.infer<typeof Contention>;

/** How requests come. */
const Load = z
  .strictObject({
    concurrency: z.int().min(1).max(65_536).optional().describe('closed loop: so many in flight'),
    rate_per_s: z.number().positive().optional().describe('open loop: requests a second, Poisson; latency counts from the intended start'),
    sessions: z.int().min(1).max(65_536).default(4).describe('users of an open loop; in a closed loop each place in flight is one'),
  })
  .refine(
    load => (load.concurrency === undefined) !== (load.rate_per_s === undefined),
    'a load has concurrency or rate_per_s, one of them',
  );

const common = {
  prompts: name.describe('a prompt set'),
  duration_s: seconds.default(60).describe('measured seconds of a step'),
  warm_up_s: z.number().nonnegative().max(86_400).default(5).describe('seconds before, which are not measured'),
  repeats: z.int().min(1).max(1000).optional().describe('of each arm; left out: as repeats of the config'),
  models: z.array(name).min(1).optional().describe('left out: all models that have the server for it'),
};
const Session = z.enum(['random', 'sticky']);
const many = <T extends z.ZodType>(of: T) => z.array(of).min(2);

/** The hypotheses that have steps of their own; H3, H7 and H8 are read from the steps of the others. */
const StorageHypotheses = z.strictObject({
  h0: z.strictObject({ ...common, concurrency: many(z.int().min(1).max(65_536)).describe('levels, closed loop') }).optional(),
  h1: z
    .strictObject({
      ...common,
      adapters: name,
      passes: z.int().min(1).default(1).describe('how often each adapter is asked for in an arm'),
    })
    .omit({ duration_s: true, warm_up_s: true })
    .optional()
    .describe(
      'each adapter once cold and once warm, one request at a time; the server is restarted before each, and what differs is whether the page cache holds the files',
    ),
  h2: z
    .strictObject({ ...common, prompts: many(name).describe('prompt sets, one a level'), load: Load })
    .optional()
    .describe('working set: context length times requests in flight'),
  h4: z
    .strictObject({ ...common, load: Load, contention: many(name).describe('levels, from none to heavy; "none" needs no entry') })
    .optional(),
  h5: z
    .strictObject({ ...common, load: Load, adapters: many(name), sessions: z.array(Session).min(1).default(['random', 'sticky']) })
    .optional(),
  h6: z
    .strictObject({ ...common, load: Load, adapters: name.describe('the storm: this list at random. The baseline has no adapters') })
    .optional(),
});

/** What is done before each step. */
const Quiescence = z.strictObject({
  drop: z
    .enum(['all', 'adapters', 'none'])
    .default('adapters')
    .describe('from the page cache: all of it (needs root: /proc/sys/vm/drop_caches), the files of adapters (posix_fadvise), or nothing'),
  compact: z.boolean().default(false).describe('compact memory (needs root: /proc/sys/vm/compact_memory)'),
  idle_s: z.number().nonnegative().max(3600).default(2).describe('the disk and the processors must be idle for so long, s; 0: no waiting'),
  disk_busy_pct: z.number().min(0).max(100).default(10).describe('idle is: the disk is busy for at most so much of the time'),
  cpu_busy_pct: z.number().min(0).max(100).default(30).describe('idle is: the processors are busy for at most so much of the time'),
  limit_s: seconds.default(60).describe('after so long the step goes on, and says that it was not idle'),
});

/** storage.json: an experiment on storage pressure. A user's own program, trusted as a Makefile is. */
export const StorageConfig = z.strictObject({
  schema: z.literal('forensics.storage-config/1'),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31)
    .describe('order of the steps, and all that is drawn in them; the same seed plans the same'),
  models: z.record(name, Model).refine(models => Object.keys(models).length > 0, 'name at least one model'),
  prompts: z.record(name, PromptSet),
  adapters: z.record(name, AdapterList).default({}).describe('lists of adapters by name, as "4", "16", "64"'),
  contention: z
    .strictObject({
      folder: z.string().min(1).describe('on the disk to be loaded; a file is laid there, and removed at the end'),
      size_mib: z.int().min(1).default(1024).describe('of that file, MiB'),
      levels: z.record(name, Contention),
    })
    .optional(),
  device: name
    .optional()
    .describe('the disk whose reads are told, as nvme0n1; left out: the one that holds the adapters or the contention folder'),
  hypotheses: StorageHypotheses,
  repeats: z.int().min(1).max(1000).default(5).describe('of each arm; each repeat is a block with an order of its own'),
  quiescence: Quiescence.prefault({}),
  samples_ms: z.int().min(10).max(10_000).default(200).describe('between two samples of disks, paging and host, ms'),
  timeout_s: seconds.default(600).describe('a request is given up after so long, s'),
  retries: z.int().min(0).max(10).default(1).describe('how often a step that failed is repeated before it is recorded as failed'),
});
export type StorageConfig = z.infer<typeof StorageConfig>;
