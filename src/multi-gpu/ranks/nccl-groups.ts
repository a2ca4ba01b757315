import { realAt } from '#core/columns';
import { getOrCompute } from '#core/get-or-compute';
import type { Bytes, Ns } from '#core/units';
import type { TraceSource } from '#trace/source';

/** A group of NCCL's calls, the outermost of those that nest. ns since the session began. */
export interface NcclGroup {
  /** Start of its ncclGroupStart. */
  readonly start: Ns;
  /** From when to when ran the ncclGroupEnd that launched its kernels. */
  readonly launchStart: Ns;
  readonly launchEnd: Ns;
}

/** Those of one host thread, in order of time. */
interface ThreadsGroups {
  readonly groups: readonly NcclGroup[];
  readonly launchStart: Float64Array;
}

/**
 * Reads the groups of NCCL's calls by thread (`global pid:thread id`). Groups nest, and the outermost ncclGroupEnd launches. An end
 * without its start belongs to a group that began before the window: which calls were in it is not known, so it is left out.
 */
export function readNcclGroups(source: TraceSource): ReadonlyMap<string, ThreadsGroups> {
  const marks = source.scan('nccl_group', ['start_ns', 'end_ns', 'global_pid', 'thread_id', 'depth']);
  const byThread = new Map<string, number[]>();
  for (let i = 0; i < marks.n; i++) getOrCompute(byThread, `${marks.global_pid[i]}:${marks.thread_id[i]}`, () => [] as number[]).push(i);
  return new Map(
    [...byThread].map(([thread, rows]): [string, ThreadsGroups] => {
      const groups: NcclGroup[] = [];
      let depth = 0;
      let start = Number.NaN;
      for (const i of rows.sort((a, b) => realAt(marks.start_ns, a) - realAt(marks.start_ns, b))) {
        const at = realAt(marks.start_ns, i);
        if (marks.depth[i] === 1) {
          if (depth++ === 0) start = at;
        } else if (depth > 0 && --depth === 0) groups.push({ start, launchStart: at, launchEnd: realAt(marks.end_ns, i) });
      }
      return [thread, { groups, launchStart: Float64Array.from(groups, g => g.launchStart) }];
    }),
  );
}

/** What NCCL calls the two halves of a message between two ranks. */
const SEND = 'ncclSend';
const RECEIVE = 'ncclRecv';

/**
 * The message of a kernel that does all calls of a group, bytes. Sends and receives run at once, and nccl-tests counts one direction
 * of its sendrecv (its doc/PERFORMANCE.md): the larger of what was sent and what was received. Collectives of one name add up.
 * @returns NaN where a call's size is not known, or where the group mixes what cannot be added
 */
export function groupsMessage(calls: readonly { readonly name: string | undefined; readonly bytes: Bytes }[]): number {
  const total = (name: string | undefined) => calls.reduce((n, c) => (c.name === name ? n + c.bytes : n), 0);
  if (calls.every(c => c.name === SEND || c.name === RECEIVE)) return Math.max(total(SEND), total(RECEIVE));
  const name = calls[0]?.name;
  return name !== undefined && calls.every(c => c.name === name) ? total(name) : Number.NaN;
}
