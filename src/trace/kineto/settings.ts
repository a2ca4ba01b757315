import { z } from 'zod';
import type { WholeTrace } from '#trace/nsys/export-writer';
import { LATEST_US } from './event.ts';
import { parsed } from './parsed.ts';

const Devices = z.array(
  z.object({
    id: z.number().int().nonnegative(),
    name: z.string().optional(),
    totalGlobalMem: z.number().int().nonnegative().optional(),
    numSms: z.number().int().nonnegative().optional(),
  }),
);

const Base = z
  .string()
  .regex(/^\s*\d{1,19}\s*$/)
  .refine(digits => BigInt(digits) <= BigInt(LATEST_US) * 1000n, 'it lies after the year 2099');

/** What a trace says of itself beside its events. */
export class Settings {
  gpus: WholeTrace['gpus'] = [];
  schema: string | undefined;
  /** Epoch ns that its times count from; its digits exceed 2^53. Versions before PyTorch 2.4 do not write it, and count from 1970. */
  base = 0n;
  hasEvents = false;

  /** @param text `"key": value`, as it stands in the file @throws SyntaxError, z.ZodError */
  add(text: string): void {
    const [, key = '', value = ''] = /^\s*"([^"]*)"\s*:([\s\S]*)$/.exec(text) ?? [];
    if (key === 'baseTimeNanoseconds') this.base = BigInt(parsed(Base, value).trim());
    else if (key === 'schemaVersion') this.schema = String(parsed(z.number(), JSON.parse(value)));
    else if (key === 'deviceProperties')
      this.gpus = parsed(Devices, JSON.parse(value)).map(d => ({ id: d.id, name: d.name, sms: d.numSms, memory: d.totalGlobalMem }));
    else JSON.parse(`{${text}}`);
  }
}
