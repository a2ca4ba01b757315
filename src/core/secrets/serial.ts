import { createHash } from 'node:crypto';

/** A serial in place of a serial: equal for equal ones, of the same form for programs that parse it, and not to be turned back. */
export const hiddenSerial = (serial: string): string =>
  `00000000-0000-0000-0000-${createHash('sha256').update(serial.toLowerCase()).digest('hex').slice(0, 12)}`;
