import { inflateSync } from 'node:zlib';
import { decodeFromCompressedBase64, Float64Histogram, JsHistogram } from 'hdr-histogram-js';

/** A bucket of a histogram: how many values lie from `lower` to `upper`, both included, in the unit that was recorded. */
export interface Bucket {
  readonly lower: number;
  readonly upper: number;
  readonly count: number;
}
/** Buckets with at least one value, rising. */
export type Counts = readonly Bucket[];

/** First bytes of a compressed histogram (AbstractHistogram.java, V1CompressedEncodingCookieBase), the word size in the second nibble masked. */
const V1_COMPRESSED = 0x1c849302;
const V1_HEADER = 40;
/** A histogram of 5 digits over all 63 bits has 32 MiB; what inflates to more is damage. */
const LARGEST = 64 * 2 ** 20;
const NIBBLE = 0xf0;

/** The buckets of a histogram in base 64, or a clause that says why it cannot be read. */
export const decodeCounts = (base64: string): Counts | string => {
  try {
    const bytes = Buffer.from(base64, 'base64');
    const cookie = bytes.readInt32BE(0);
    const histogram = (cookie & ~NIBBLE) === V1_COMPRESSED ? decodeV1(bytes) : decodeFromCompressedBase64(base64, 64);
    return histogram instanceof JsHistogram ? bucketsOf(histogram) : 'it is of another kind';
  } catch (error) {
    // The libraries below throw what they please at damaged data: errors, numbers and texts.
    return error instanceof Error ? error.message : String(error);
  }
};

/** V1 holds plain counts of the word size in its cookie, where V2 holds them in ZigZag LEB128; hdr-histogram-js reads V2 only. */
const decodeV1 = (bytes: Buffer): JsHistogram => {
  const body = inflateSync(bytes.subarray(8, 8 + bytes.readInt32BE(4)), { maxOutputLength: LARGEST });
  const wordSize = (body.readInt32BE(0) & NIBBLE) >> 4;
  const length = body.readInt32BE(4);
  const digits = body.readInt32BE(12);
  const [lowest, highest] = [body.readBigInt64BE(16), body.readBigInt64BE(24)].map(Number);
  if (lowest === undefined || highest === undefined || ![2, 4, 8].includes(wordSize)) throw new Error('its header makes no sense');
  const histogram = new Float64Histogram(lowest, highest, digits);
  const count = Math.min(histogram.countsArrayLength, Math.floor(length / wordSize));
  for (let index = 0; index < count; index += 1) {
    const at = V1_HEADER + index * wordSize;
    const value = wordSize === 8 ? Number(body.readBigInt64BE(at)) : body.readIntBE(at, wordSize);
    if (value > 0) histogram.setCountAtIndex(index, value);
  }
  return histogram;
};

const bucketsOf = (histogram: JsHistogram): Bucket[] => {
  const buckets: Bucket[] = [];
  for (let index = 0; index < histogram.countsArrayLength; index += 1) {
    const count = histogram.getCountAtIndex(index);
    if (count <= 0) continue;
    const lower = histogram.valueFromIndex(index);
    buckets.push({ lower, upper: histogram.highestEquivalentValue(lower), count });
  }
  return buckets;
};
