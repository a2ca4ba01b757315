import type { Bytes } from '#core/units';

/** A part of a trace: an element of its list of events, or another member of the document. */
export interface JsonItem {
  readonly kind: 'event' | 'member';
  /** JSON of the event; of a member `"key": value`. */
  readonly text: string;
  /** Where it begins in the file. */
  readonly at: Bytes;
}

/** Why a document cannot be read on, and where. */
export class BrokenJson extends Error {
  readonly at: Bytes;
  /** Events that were whole before. */
  readonly events: number;
  constructor(message: string, at: Bytes, events: number) {
    super(message);
    this.at = at;
    this.events = events;
  }
}

/** Longer than any event or list of settings that a profiler writes; without an end a text would fill the memory. */
const LONGEST_ITEM: Bytes = 64 * 2 ** 20;

const [QUOTE, BACKSLASH, COMMA, OPEN, CLOSE, OPEN_LIST, CLOSE_LIST] = Buffer.from('"\\,{}[]');
const EVENTS = /^\s*"traceEvents"\s*:\s*$/;
const BLANK = /^\s*$/;

/**
 * Cuts a trace (`{ …, "traceEvents": [ {…}, {…} ], … }`) into its events and its other members, piece by piece: memory holds one of them.
 * Structure stands in bytes below 0x80, which are no part of other characters in UTF-8, so bytes are looked at and texts decoded whole.
 * Walked here, since JSON.parse then takes each event: a tokenizer in JavaScript takes ten times as long, and gives times as doubles, which
 * since 1970 are good to 256 ns.
 * @throws BrokenJson
 */
export function* jsonItems(pieces: Iterable<Buffer>): Generator<JsonItem, void> {
  let window: Buffer = Buffer.alloc(0);
  // Offset of the window in the file, and of the item that is being read in the window.
  let base = 0;
  let begin = 0;
  let depth = 0;
  let events = 0;
  let [isText, isEscaped, isInEvents, isOver] = [false, false, false, false];
  const broken = (message: string, i: number) => new BrokenJson(message, base + i, events);
  for (const piece of pieces) {
    let i = window.length - begin;
    base += begin;
    window = i === 0 ? piece : Buffer.concat([window.subarray(begin), piece]);
    begin = 0;
    if (i > LONGEST_ITEM) throw broken('an entry has no end', 0);
    for (; i < window.length; i++) {
      const byte = window[i];
      if (isText) {
        if (isEscaped) isEscaped = false;
        else if (byte === BACKSLASH) isEscaped = true;
        else if (byte === QUOTE) isText = false;
        continue;
      }
      if (byte === QUOTE) isText = true;
      else if (byte === OPEN || byte === OPEN_LIST) {
        if (isOver) throw broken('more follows after its end', i);
        depth += 1;
        if (depth === 1) begin = i + 1;
        else if (depth === 2 && byte === OPEN_LIST && EVENTS.test(window.toString('latin1', begin, Math.min(i, begin + 100))))
          isInEvents = true;
        if (isInEvents && depth === 3) begin = i;
      } else if (byte === CLOSE || byte === CLOSE_LIST) {
        depth -= 1;
        if (depth < 0) throw broken('a bracket closes what was never opened', i);
        if (isInEvents && depth === 2) {
          events += 1;
          yield { kind: 'event', text: window.toString('utf8', begin, i + 1), at: base + begin };
          begin = i + 1;
        } else if (isInEvents && depth === 1) {
          isInEvents = false;
          begin = i + 1;
        } else if (depth === 0) {
          isOver = true;
          const text = window.toString('utf8', begin, i);
          if (!BLANK.test(text)) yield { kind: 'member', text, at: base + begin };
          begin = i + 1;
        }
      } else if (byte === COMMA && depth === 1) {
        const text = window.toString('utf8', begin, i);
        if (!BLANK.test(text)) yield { kind: 'member', text, at: base + begin };
        begin = i + 1;
      }
      // Between events stand commas and blanks alone.
      else if (isInEvents && depth === 2 && byte !== COMMA && byte !== undefined && byte > 0x20) throw broken('an entry is no event', i);
    }
  }
  if (!isOver) throw new BrokenJson('it ends before its end', base + window.length, events);
}
