import { createHash } from 'node:crypto';
import type { Bytes } from '#core/units';

/** Bytes of an element, by the name of its type in c10 (torch/headeronly/core/ScalarType.h). */
const ELEMENT_BYTES: Readonly<Record<string, Bytes>> = {
  ...{ Byte: 1, Char: 1, Bool: 1, Float8_e5m2: 1, Float8_e4m3fn: 1, Float8_e5m2fnuz: 1, Float8_e4m3fnuz: 1 },
  ...{ Short: 2, Half: 2, BFloat16: 2, Int: 4, Float: 4, Long: 8, Double: 8 },
};

/** What `record_param_comms` says of a collective (torch/csrc/distributed/c10d/ParamCommsUtils.hpp). */
export interface CollectiveArgs {
  readonly name: string;
  readonly group: string;
  readonly ranks: string;
  readonly type: string;
  readonly inElements: number;
  readonly outElements: number;
}

/** Digits of a communicator's id: as many as fit an integer that is safe. */
const ID_BYTES = 6;

/**
 * A collective as NCCL was called with it: a number that is the same on all ranks of its group, and the size of its message, of a
 * reduce-scatter the part of one rank.
 * @returns undefined for elements of a type that is not known
 */
export function ncclOf({ name, group, ranks, type, inElements, outElements }: CollectiveArgs) {
  const size = ELEMENT_BYTES[type];
  if (size === undefined) return undefined;
  const id = createHash('sha256').update(`${group} ${ranks}`).digest().readUIntBE(0, ID_BYTES);
  const elements = name.includes('reduce_scatter') ? outElements : inElements;
  // The relation takes an id apart by its last nine digits.
  return { communicator: String(id).padStart(16, '1'), bytes: elements * size };
}
