import { closeSync, openSync, readSync } from 'node:fs';
import { Cadence } from '../cadence.ts';

export interface Recorded {
  readonly samples: number;
  /** Of one GPU: the one in the first line. */
  readonly cadence: Cadence;
  /** Epoch ms of the last sample; undefined for none. */
  readonly lastMs: number | undefined;
}

const CHUNK = 1 << 20;
/** `2026/11/22 01:42:56.594, 0, `: when, and which GPU. */
const SAMPLE = /^(\d{4})\/(\d\d)\/(\d\d) (\d\d):(\d\d):(\d\d)\.(\d{3}), (\d+),/;

/** Whether a text holds a whole sample. */
export const hasSample = (text: string): boolean => /^\d{4}\/\d\d\/\d\d .*\n/m.test(text);

/** What lies in a file that nvidia-smi wrote; read in pieces, for a night's file is large. */
export function recordedIn(path: string): Recorded {
  const cadence = new Cadence();
  const buffer = Buffer.alloc(CHUNK);
  let samples = 0;
  let lastMs: number | undefined;
  let gpu: string | undefined;
  let rest = '';
  const fd = openSync(path, 'r');
  try {
    for (let got = readSync(fd, buffer); got > 0; got = readSync(fd, buffer)) {
      const lines = (rest + buffer.toString('latin1', 0, got)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const match = SAMPLE.exec(line);
        if (match === null) continue;
        const [y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0, ms = 0] = match.slice(1, 8).map(Number);
        samples += 1;
        lastMs = Date.UTC(y, mo - 1, d, h, mi, s, ms);
        gpu ??= match[8];
        if (match[8] === gpu) cadence.add(lastMs);
      }
    }
  } finally {
    closeSync(fd);
  }
  return { samples, cadence, lastMs };
}
