import { createHash } from 'node:crypto';
import { uuidOf } from '#schema/gpu-card';
import type { Element } from './document.ts';

/** Enough to tell the boards of a data centre apart: two of a million share one with a chance of 3 in 10^8. */
const HASH_CHARS = 16;
/** Digits and letters; "N/A" and what somebody blacked out are none. */
const SERIAL = /^[\dA-Z]{6,32}$/i;

const textOf = (gpu: Element, name: string): string => {
  const child = typeof gpu === 'string' || !(name in gpu) ? undefined : (gpu as Readonly<Record<string, Element>>)[name];
  return typeof child === 'string' ? child.trim() : '';
};
const hashOf = (kind: string, text: string): string => createHash('sha256').update(`${kind}\n${text}`).digest('hex').slice(0, HASH_CHARS);

/**
 * What tells whether a board is the one of another snapshot, and not which it is. A serial number is thirteen digits, which can be tried
 * out: it is hashed with the UUID, of which there are too many for that, and not told without.
 */
export function boardHashes(gpu: Element): readonly (readonly [name: string, hash: string])[] {
  const uuid = uuidOf(textOf(gpu, 'uuid'));
  if (uuid === null) return [];
  const serial = textOf(gpu, 'serial');
  return [
    ['uuid_hash', hashOf('uuid', uuid)],
    ...(SERIAL.test(serial) ? [['serial_hash', hashOf('serial', `${uuid}\n${serial}`)] as const] : []),
  ];
}
