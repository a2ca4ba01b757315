import { decimal } from '../decimal.ts';

export interface PrometheusSample {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  /** Null for NaN, an infinity, or one of the numbers that DCGM has for "not known". */
  readonly value: number | null;
  /** The line's own time, since 1970. */
  readonly ns: bigint | undefined;
}

const LINE = /^([A-Za-z_:][\w:]{0,200})(?:\{(.*)\})?[ \t]+(\S{1,40})(?:[ \t]+(-?\d{1,16}))?[ \t]*$/;
const LABEL = /([A-Za-z_]\w{0,100})="((?:[^"\\]|\\.)*)"/g;
/** DCGM_FP64_BLANK and the three after it (dcgm_structs.h): blank, not found, not supported, not permitted. Of integers they exceed 2^62. */
const BLANK_FP64 = 2 ** 47;
const BLANK_INT64 = 2 ** 62;

/** One sample in the Prometheus text format; undefined for what is none. */
export const readLine = (text: string): PrometheusSample | undefined => {
  const [, name, labels = '', digits = '', time] = LINE.exec(text.replace(/^\ufeff/, '')) ?? [];
  if (name === undefined) return undefined;
  const value = /^(?:NaN|[+-]?Inf)$/i.test(digits) || isBlank(Number(digits)) ? null : decimal(digits);
  if (value === undefined) return undefined;
  const pairs = [...labels.matchAll(LABEL)].map(([, key = '', label = '']) => [key, label] as const);
  return { name, labels: new Map(pairs), value, ns: time === undefined ? undefined : BigInt(time) * 1_000_000n };
};

const isBlank = (value: number): boolean => value >= BLANK_INT64 || (value >= BLANK_FP64 && value <= BLANK_FP64 + 3);

/** What a sample is of; nothing that names a machine, a pod or a piece of hardware. */
export const entityOf = (labels: ReadonlyMap<string, string>): string => {
  const part = (label: string, name: string) => {
    const value = labels.get(label);
    return value !== undefined && /^\d{1,6}$/.test(value) ? [`${name} ${value}`] : [];
  };
  const parts = [
    ...part('gpu', 'GPU'),
    ...part('GPU_I_ID', 'MIG'),
    ...part('nvswitch', 'NVSwitch'),
    ...part('cpu', 'CPU'),
    ...part('nvlink', 'link'),
  ];
  return parts.length === 0 ? 'machine' : parts.join(' ');
};
