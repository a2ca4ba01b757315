import { parseTimestamp, type Timestamp } from './timestamp.ts';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
/** 11/22/26, 11/22/2026: the order of the C and the US locale, month first. */
const US_DATE = /^(\d{1,2})\/(\d{1,2})\/(\d{2}|\d{4})$/;
/** 20261122, as dmon writes it. */
const COMPACT_DATE = /^(\d{4})(\d{2})(\d{2})$/;
const TIME = /^(\d{1,2}):(\d{2}):(\d{2})(\.\d{1,9})?(?: ?([AP])M)?$/i;
/** Sun Feb 23 16:24:18 2025: asctime, as dmesg -T writes it. */
const CTIME = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d{2}:\d{2}:\d{2}) (\d{4})$/;

const pad = (number: number, width = 2): string => String(number).padStart(width, '0');

/** A date in the year-month-day order of ISO 8601, from any order that the tools here write; undefined for all else. */
export const isoDate = (text: string): string | undefined => {
  const [, month, day, year] = US_DATE.exec(text) ?? [];
  if (month !== undefined) return `${year?.length === 2 ? '20' : ''}${year}-${pad(Number(month))}-${pad(Number(day))}`;
  const compact = COMPACT_DATE.exec(text);
  if (compact !== null) return compact.slice(1).join('-');
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : undefined;
};

/** A time of day of 24 hours, from one of 12 or 24; undefined for all else. */
export const isoTime = (text: string): string | undefined => {
  const [, hour = '', minute, second, fraction = '', half] = TIME.exec(text) ?? [];
  if (minute === undefined) return undefined;
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (half.toUpperCase() === 'P' ? 12 : 0);
  return `${pad(hours)}:${minute}:${second}${fraction}`;
};

/** Reads a date and a time without a zone, as nvidia-smi, sysstat and dmesg write them, and whatever parseTimestamp reads. */
export const parseLocalTimestamp = (text: string): Timestamp | undefined => {
  const [, name = '', ctimeDay = '', ctime, year = ''] = CTIME.exec(text) ?? [];
  if (ctime !== undefined)
    return parseTimestamp(`${year}-${pad(MONTHS.indexOf(name.toLowerCase()) + 1)}-${pad(Number(ctimeDay))} ${ctime}`);
  const [, day = '', time = ''] = /^(\S{6,10}) (.{7,21})$/.exec(text) ?? [];
  const date = isoDate(day);
  const clock = isoTime(time);
  return date === undefined || clock === undefined ? parseTimestamp(text) : parseTimestamp(`${date} ${clock}`);
};
