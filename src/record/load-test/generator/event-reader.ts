import { StringDecoder } from 'node:string_decoder';
import { createParser } from 'eventsource-parser';
import type { Ns } from '#core/units';
import { type AnswerReader, nothing } from './answer-reader.ts';

/** What one event of a stream says. */
export interface EventTold {
  /** Chunks with text in it. */
  readonly chunks: number;
  /** The answer is whole with it. */
  readonly isWhole?: boolean;
  /** The kind of failure. */
  readonly fault?: string | undefined;
  readonly promptTokens?: number | null | undefined;
  readonly outputTokens?: number | null | undefined;
}

/** An event longer than this is no event of such an endpoint. */
const LONGEST_EVENT = 16 * 2 ** 20;

/** Bytes from here on are parts of characters of several bytes. */
const BEYOND_ASCII = 0x80;

/**
 * Reads a stream of server-sent events (WHATWG HTML §9.2). A chunk with text is a token's. All chunks of one read from the socket have that
 * read's time. @param tell what the data of an event says
 */
export function eventReader(tell: (data: string) => EventTold): AnswerReader {
  const seen = nothing();
  let decoder: StringDecoder | undefined;
  let at = 0;
  let whole = false;
  let fault: string | undefined;
  const token = () => {
    if (seen.last === null) seen.first = at;
    else seen.gapsUs.push(Math.max(0, at - seen.last) / 1000);
    seen.last = at;
    seen.chunks++;
  };
  const parser = createParser({
    maxBufferSize: LONGEST_EVENT,
    onEvent: ({ data }) => {
      const told = tell(data);
      fault ??= told.fault;
      for (let i = 0; i < told.chunks; i++) token();
      if (told.isWhole === true) whole = true;
      seen.promptTokens = told.promptTokens ?? seen.promptTokens;
      seen.outputTokens = told.outputTokens ?? seen.outputTokens;
    },
    onError: error => {
      // Fields that the standard does not know are to be ignored; lines that are no field at all arrive here as well.
      if (error.type === 'max-buffer-size-exceeded' || error.line?.startsWith('{')) fault ??= 'malformed event';
    },
  });
  return {
    seen,
    feed: (bytes: Uint8Array, received: Ns) => {
      at = received;
      if (fault !== undefined) return;
      const piece = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      // Only a piece that may end within a character needs a decoder, which has a native part: thousands of those hold up the collector.
      if (decoder === undefined && (piece.at(-1) ?? 0) >= BEYOND_ASCII) decoder = new StringDecoder('utf8');
      parser.feed(decoder === undefined ? piece.toString('utf8') : decoder.write(piece));
    },
    fault: () => fault ?? (whole ? undefined : 'the stream ended early'),
  };
}

/** JSON, or undefined. */
export function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}
