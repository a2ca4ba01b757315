/** What one rank called NCCL for. */
export interface RecordedCall {
  /** Name of its process group, and what the program says it is for. */
  readonly group: string;
  readonly purpose: string;
  /** The group's ranks, as the job numbers them, in order. */
  readonly ranks: readonly number[];
  /** Which collective of its group, counted from 1: the same number is the same collective on all ranks. */
  readonly sequence: number;
  /** Which operation of a coalesced group. */
  readonly operation: number;
  /** `all_reduce`, `_all_gather_base`; of a send or receive the ranks stand in `peer`. */
  readonly name: string;
  /** The other side of a send or receive, as the job numbers ranks; undefined for a collective. */
  readonly peer: number | undefined;
  readonly inputs: readonly (readonly number[])[];
  readonly outputs: readonly (readonly number[])[];
  readonly types: readonly string[];
  readonly state: 'scheduled' | 'started' | 'completed';
  /** Epoch ns by the rank's own host at which it was called. */
  readonly called: bigint;
  /** Where in the program, where stacks were kept: `train.py:33`. */
  readonly where: string | undefined;
}

/** What the flight recorder of one rank held when it was dumped. */
export interface FlightRecord {
  readonly rank: number;
  readonly file: string;
  readonly version: string;
  /** Whether the first call of the job is among them: it keeps as many as TORCH_FR_BUFFER_SIZE says. */
  readonly isWhole: boolean;
  /** In the order of the calls. */
  readonly calls: readonly RecordedCall[];
}
