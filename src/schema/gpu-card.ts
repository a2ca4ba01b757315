import { z } from 'zod';

const known = z.string().min(1).nullable();

/** What tells one GPU from another across files and machines. null where a file does not say. */
export const GpuCard = z.strictObject({
  uuid: known.describe('as the driver gives it, without "GPU-"'),
  bus: known.describe('PCI address as domain:bus:device.function, in hexadecimal'),
  /** Which machine it sits in, by a name that files of one tool share. */
  host: known,
  power_window_s: z
    .number()
    .nonnegative()
    .nullable()
    .describe('over how long each reading of power is a mean; null where that is not known'),
});
export type GpuCard = z.infer<typeof GpuCard>;

/** The widest window that a GPU's sensor is known to average over (nvidia-smi manual), for one of which nothing is known. */
export const AVERAGED_S = 1;

/** A GPU of which nothing is known but its number. */
export const UNKNOWN_CARD: GpuCard = { uuid: null, bus: null, host: null, power_window_s: null };

/** What a file says of the GPUs that it meters, beside its rows. */
export interface Metered<Name> {
  /** Its GPUs by the name or number that its rows give them; of one that is not there no more is known. */
  readonly cards: ReadonlyMap<Name, GpuCard>;
  /** By how much its clock ran back at worst; sorted rows do not show it. 0 for not at all. */
  readonly ranBack_ms: number;
}

const BUS = /^(?:([\da-f]{1,8}):)?([\da-f]{1,2}):([\da-f]{1,2})\.([0-7])$/i;
/** An export that was redacted, or a driver that does not know. */
const NO_UUID = /^0[0-]*$/;

/** A PCI address as `domain:bus:device.function` without leading zeros, so that "00000000:3B:00.0" and "0000:3b:00.0" are one; null for none. */
const busOf = (text: string | null | undefined): string | null => {
  const [, domain = '0', bus, device, part] = BUS.exec(text?.trim() ?? '') ?? [];
  if (bus === undefined || device === undefined || part === undefined) return null;
  return `${[domain, bus, device].map(digits => Number.parseInt(digits, 16).toString(16)).join(':')}.${part}`;
};

/** A UUID without "GPU-", in small letters; null for none. */
export const uuidOf = (text: string | null | undefined): string | null => {
  const uuid = (text ?? '').trim().replace(/^GPU-/i, '').toLowerCase();
  return uuid === '' || NO_UUID.test(uuid) || !/^[\da-z-]{4,64}$/.test(uuid) ? null : uuid;
};

/** A card by what a tool says of it. */
export const cardOf = (told: Partial<GpuCard>): GpuCard => ({
  ...UNKNOWN_CARD,
  ...told,
  uuid: uuidOf(told.uuid),
  bus: busOf(told.bus),
});

/** Where what describes two cards was written: all on one machine, or nobody knows. */
export type Machines = 'one' | 'unknown';

/**
 * Whether two cards are one: by UUID, else by machine and address; undefined where what is known of them does not tell. An equal address is
 * the same card on one machine alone; two addresses are two cards on any.
 */
export function isSameCard(a: GpuCard, b: GpuCard, machines: Machines): boolean | undefined {
  if (a.uuid !== null && b.uuid !== null) return a.uuid === b.uuid;
  const bothNamed = a.host !== null && b.host !== null;
  if (bothNamed && a.host !== b.host) return false;
  if (a.bus === null || b.bus === null) return undefined;
  if (a.bus !== b.bus) return false;
  return bothNamed || machines === 'one' ? true : undefined;
}
