import { z } from 'zod';
import { badRecord } from '#input/text/bad-record';
import { parseExact } from '#input/text/exact-json';
import { type Text, whole } from '#input/text/text';
import { validate } from '#input/text/validate';
import type { FlightRecord, RecordedCall } from '#schema/flight-record';

const HINT = 'Give what torch._C._distributed_c10d._dump_nccl_trace_json() returned, one file for each rank.';

const count = z.number().int().nonnegative();
const sizes = z.array(z.array(count));
/** Epoch ns exceed 2^53: parseExact keeps their digits as text. */
const time = z.string().regex(/^\d{1,19}$/);
const Frame = z.object({ name: z.string(), filename: z.string(), line: z.number() });
const Entry = z.object({
  record_id: count,
  process_group: z.tuple([z.string(), z.string()]),
  collective_seq_id: count,
  op_id: count,
  profiling_name: z.string(),
  is_p2p: z.boolean().optional(),
  input_sizes: sizes,
  output_sizes: sizes,
  input_dtypes: z.array(z.string()).optional(),
  output_dtypes: z.array(z.string()).optional(),
  state: z.enum(['scheduled', 'started', 'completed']),
  time_created_ns: time,
  frames: z.array(Frame).optional(),
});
/** Ranks of a group: a list, which the recorder writes as a text. */
const LIST = /^\[\s*(?:(?:0|[1-9]\d{0,8})(?:\s*,\s*(?:0|[1-9]\d{0,8}))*)?\s*\]$/;
const ranks = z
  .union([z.array(count), z.string().regex(LIST)])
  .transform(list => (typeof list === 'string' ? (list.match(/\d+/g)?.map(Number) ?? []) : list));
const Dump = z.object({
  // Field `process_group` came with version 2, and the layout with it (FlightRecorder.hpp).
  version: z.string().regex(/^2\.\d+$/, 'a version of the layout that is read here: 2.x'),
  entries: z.array(Entry),
  pg_config: z.record(z.string(), z.object({ ranks })),
});

const KEYS = /"entries"\s*:/;
const OWN_KEYS = /"(?:collective_seq_id|nccl_comm_state|comm_lib_version|pg_config)"\s*:/;

/** Whether a text begins as a dump of the flight recorder in JSON does. */
export const isFlightRecord = (head: string): boolean => /^\ufeff?\s*\{/.test(head) && KEYS.test(head) && OWN_KEYS.test(head);

/** Whether bytes begin as its usual dump does, which is a pickle (protocol 2 to 5) of the same keys. */
export const isPickledRecord = (head: Buffer): boolean => {
  const [mark = 0, protocol = 0] = head;
  return mark === 0x80 && protocol >= 2 && protocol <= 5 && /pg_config|nccl_comm_state|collective_seq_id/.test(head.toString('latin1'));
};

/** The rank in a file's name, as PyTorch gives it (`nccl_trace_rank_12`): it stands nowhere in the file. */
export function rankOf(name: string): number | undefined {
  const stem = name.replace(/\.(json|pkl|pickle|txt|gz|xz|zst)\b.*$/i, '');
  const digits = /rank[_-]?(\d{1,6})/i.exec(stem)?.[1] ?? /(\d{1,6})$/.exec(stem)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

const PEER = /^(?:send|recv) (\d+)(?:->|<-)(\d+)$/;
/** Frames of PyTorch itself: the program's own lies beneath. */
const LIBRARY = /[\\/](?:torch|site-packages|dist-packages)[\\/]/;

function callOf(entry: z.infer<typeof Entry>, config: z.infer<typeof Dump>['pg_config']): RecordedCall {
  const [group, purpose] = entry.process_group;
  const members = config[group]?.ranks ?? [];
  const name = entry.profiling_name.replace(/^\w+:/, '');
  const [, , other] = PEER.exec(name) ?? [];
  const frame = entry.frames?.find(f => !LIBRARY.test(f.filename));
  return {
    group,
    purpose,
    ranks: members,
    sequence: entry.collective_seq_id,
    operation: entry.op_id,
    name: other === undefined ? name : (name.split(' ')[0] ?? name),
    peer: other === undefined ? undefined : members[Number(other)],
    inputs: entry.input_sizes,
    outputs: entry.output_sizes,
    types: [...(entry.input_dtypes ?? []), ...(entry.output_dtypes ?? [])],
    state: entry.state,
    called: BigInt(entry.time_created_ns),
    where: frame && `${frame.filename.split(/[\\/]/).at(-1)}:${frame.line}`,
  };
}

/**
 * Reads a dump of PyTorch's flight recorder (TORCH_FR_BUFFER_SIZE, before 2.10 TORCH_NCCL_TRACE_BUFFER_SIZE) in JSON.
 * Format: torch/csrc/distributed/c10d/FlightRecorderDetail.hpp, version 2.0 to 2.10; proved with PyTorch 2.11.
 * @param name the file's name, which holds the rank
 * @throws ForensicsError bad-record, not-readable
 */
export function readFlightRecord(text: Text, name: string): FlightRecord {
  const json = whole(text, name).replace(/^\ufeff/, '');
  const rank = rankOf(name);
  if (rank === undefined)
    throw badRecord({ source: name }, 'its name holds no number of a rank', 'Call it as PyTorch does: nccl_trace_rank_0.json.');
  const { version, entries, pg_config } = validate(Dump, documentOf(json, name), { source: name }, HINT);
  const calls = entries.toSorted((a, b) => a.record_id - b.record_id).map(entry => callOf(entry, pg_config));
  return { rank, file: name, version, isWhole: entries.some(e => e.record_id === 0), calls };
}

function documentOf(json: string, source: string): unknown {
  try {
    return parseExact(json);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw badRecord({ source }, `it is not a whole JSON document (${error.message})`, HINT);
  }
}
