import { createHash } from 'node:crypto';

type Instead = string | ((match: string) => string);
export type Shape = readonly [RegExp, Instead];

/** A serial in place of a serial: equal for equal ones, of the same form for programs that parse it, and not to be turned back. */
export const hiddenSerial = (serial: string): string =>
  `00000000-0000-0000-0000-${createHash('sha256').update(serial.toLowerCase()).digest('hex').slice(0, 12)}`;

const UUID = '(?!0{8}-)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![\\w-])';

/** What must not be shown and gives itself away by its shape, with what to write instead. */
export const SHAPES: readonly Shape[] = [
  [/(?:\/home|\/Users|[A-Za-z]:\\Users)[/\\][^\s/\\:;,"'`<>()[\]{}|=&?*]+/g, '<home>'],
  // The answer of uname, and names that no public server has.
  [/(?<=\b(?:Linux|Darwin) )[\w.-]+(?= \d+\.\d+\.\d)/g, '<host>'],
  [/(?<![\w.@-])(?:[\w-]+\.)+(?:internal|lan|corp|intranet|cluster\.local)(?![\w.-])|(?<![\w.@-])ip(?:-\d{1,3}){4}(?![\w.-])/gi, '<host>'],
  [/(?<![\w.+-])[\w.+-]{2,}@(?:<[\w.]+>|[\w-]{2,}(?:\.[\w-]+)*)/g, '<login>'],
  // A version such as libnpp.so.13.0.1.2 looks like an address; after a dot, a dash or a letter it is none.
  [/(?<![\w.-])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w.-])/g, '<address>'],
  [/(?<![\w:])(?:[0-9a-f]{2}:){5,7}[0-9a-f]{2}(?![\w:])/gi, '<address>'],
  [/(?<![\w:])(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}(?![\w:])/gi, '<address>'],
  [/(?<![\w:])(?=[0-9a-f]{2,4}:)(?=[a-f:]*\d)(?:[0-9a-f]{1,4}:){1,6}(?::[0-9a-f]{1,4}){1,6}(?![\w:])/gi, '<address>'],
  [new RegExp(`(?<=\\b(?:GPU|MIG)-)${UUID}`, 'gi'), hiddenSerial],
];

/** Serials of sessions and devices in what a trace tells of itself. Elsewhere a UUID is mostly the id of a request, by which files are joined. */
export const SERIAL: Shape = [new RegExp(`(?<![\\w-])${UUID}`, 'gi'), hiddenSerial];

/** A folder that does not come with the operating system: it may be called after a project or a customer. */
export const OWN_FOLDER: Shape = [
  /(?<![\w.>])\/(?!(?:usr|opt|lib|lib64|bin|sbin|dev|proc|sys|etc)(?:[/:\s"]|$))[\w.+-]+(?:\/[\w.+-]+)*/g,
  '<folder>',
];

/** Replaces what has one of the shapes. */
export const hideShapes = (text: string, shapes: readonly Shape[]): string =>
  shapes.reduce(
    (rest, [pattern, instead]) => rest.replace(pattern, match => (typeof instead === 'string' ? instead : instead(match))),
    text,
  );
