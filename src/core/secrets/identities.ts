import { isIPv6 } from 'node:net';
import { DIGIT, HEX, isIn, LOGIN, NAME, PART_END, VALUE_END, WORD } from './characters.ts';
import type { Reader } from './reader.ts';
import { hiddenSerial } from './serial.ts';

/** Where something private ends, and what to write in its place. */
export interface Hit {
  readonly end: number;
  readonly instead: string;
}

const AT = 64;
const COLON = 58;
const DOT = 46;
const DASH = 45;
const SLASH = 47;
const BACKSLASH = 92;
const LESS = 60;
const GREATER = 62;

const FOUR_BYTES = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)$/;
const LONGEST_ADDRESS = 45;
/** What is counted in dots and no address: `cublas 12.11.1.2`, `"driver_version": "550.54.15.1"`, `nvidia-nccl-cu12==2.28.3.1`. */
const NUMBERED =
  /(?:version|ver|build|release|driver|firmware|vbios|cuda|cudnn|cublas(?:lt)?|cusparse(?:lt)?|cusolver|cufft|curand|cufile|cupti|nccl|nvjitlink|nvrtc|npp\w*|tensorrt|trt|nsys|nsight|systems|toolkit|sdk|package|rev|revision|python|torch|triton|vllm|cu\d\d|\bv)$/i;
/** So far back a word tells what a number is. */
const CONTEXT = 40;

/** Whether what stands before a number says that it counts versions. */
function countsVersions(read: Reader, at: number): boolean {
  const before = read.slice(Math.max(0, at - CONTEXT), at);
  if (/[=<>~!]=\s*$/.test(before)) return true;
  const word = before.replace(/["'\s:=(,[-]{1,6}$/, '');
  return NUMBERED.test(word) && !/\/\/|@/.test(before.slice(word.length));
}

/** IPv4 in dots. A version such as libnpp.so.13.0.1.2 looks like one; after a dot, a dash or a letter it is none. */
export function ipv4End(read: Reader, at: number): number | undefined {
  if (isIn(read.at(at - 1), NAME)) return undefined;
  let end = at;
  while (end - at <= 15 && ((read.at(end) >= 48 && read.at(end) <= 57) || read.at(end) === DOT)) end += 1;
  // A sentence may end with an address.
  if (read.at(end - 1) === DOT) end -= 1;
  if (!FOUR_BYTES.test(read.slice(at, end))) return undefined;
  const next = read.at(end);
  if (isIn(next, WORD) || next === DASH || (next === DOT && isIn(read.at(end + 1), WORD))) return undefined;
  // A folder called after a version: /opt/libfabric/1.15.2.0/lib.
  if (read.at(at - 1) === SLASH && isIn(read.at(at - 2), NAME) && next === SLASH) return undefined;
  const isPlace = (next === COLON || next === SLASH) && isIn(read.at(end + 1), DIGIT);
  return !isPlace && countsVersions(read, at) ? undefined : end;
}

/** Prefixes that IANA has given out: 2000::/3, fc00::/7, fe80::/10, ff00::/8. `c10::add` is a function of PyTorch. */
const GIVEN_OUT = /^(?:[23][0-9a-f]{3}|f[cd][0-9a-f]{2}|fe[89ab][0-9a-f]|ff[0-9a-f]{2}):/i;
const MAC = /^(?:[0-9a-f]{2}:){5,7}[0-9a-f]{2}$/i;
/** With dashes as Windows writes it; a date of two-digit numbers has no letters. */
const MAC_DASHED = /^(?=.{0,23}[a-f])(?:[0-9a-f]{2}-){5}[0-9a-f]{2}$/i;
const MAC_LENGTH = 17;

/** Hardware addresses and IPv6. */
export function colonsEnd(read: Reader, at: number): number | undefined {
  const before = read.at(at - 1);
  if (isIn(before, WORD) || before === COLON) return undefined;
  if (read.at(at + 2) === DASH && isIn(read.at(at), HEX)) {
    const end = at + MAC_LENGTH;
    return MAC_DASHED.test(read.slice(at, end)) && !isIn(read.at(end), NAME) && before !== DASH ? end : undefined;
  }
  let end = at;
  let colons = 0;
  while (end - at < LONGEST_ADDRESS && (isIn(read.at(end), HEX) || read.at(end) === COLON)) {
    if (read.at(end) === COLON) colons += 1;
    end += 1;
  }
  if (colons < 2 || isIn(read.at(end), WORD)) return undefined;
  if (read.at(end - 1) === COLON && read.at(end - 2) !== COLON) end -= 1;
  const text = read.slice(at, end);
  if (MAC.test(text) || (colons >= 7 && isIPv6(text))) return end;
  return GIVEN_OUT.test(text) && isIPv6(text) ? end : undefined;
}

const LONGEST_LOCAL = 64;
const LONGEST_HOST = 253;
const LONGEST_PASSWORD = 128;
/** Ends of files, which stand behind an @ as well: `icon@2x.png`. */
const FILE_ENDING = /\.(?:png|jpe?g|gif|svg|webp|so|py|pyc|cu|cuh|cpp|h|o|a|js|ts|json|ya?ml|txt|log|bin|pt|safetensors|gguf)$/i;
const MAIL_HOST = /^(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,24}$/;
const HOST = /^[\w-]{2,}(?:\.[\w-]+)*$/;
/** What stands behind an @ and is no host: a symbol's table or version, and a version of a package. */
const NO_HOST = /^(?:plt|got|gotpcrel|GLIBC\w*|CXXABI\w*|v?\d[\w.]*|sha\d+|latest|main|master|fp\d+|bf16|int\d+)$/i;

/**
 * A login: `jo@example.com`, `jo:pw@host`, `jo@<host>`.
 * @param strict only those at a host whose name has dots: people name ranges `step@rank0`
 */
export function loginEnd(read: Reader, at: number, strict: boolean): number | undefined {
  const local = read.run(at, LOGIN, LONGEST_LOCAL + 1);
  if (local - at < 2 || local - at > LONGEST_LOCAL) return undefined;
  let mark = local;
  const password = read.at(local) === COLON;
  if (password) {
    mark = read.until(local + 1, VALUE_END, LONGEST_PASSWORD);
    mark = local + 1 + read.slice(local + 1, mark).lastIndexOf('@');
    if (mark <= local + 1 || read.at(local + 1) === SLASH || read.at(local + 1) === COLON) return undefined;
  }
  if (read.at(mark) !== AT) return undefined;
  if (read.at(mark + 1) === LESS) {
    const placeholder = /^<[\w.]+>/.exec(read.slice(mark + 1, mark + 1 + LONGEST_LOCAL));
    return placeholder === null ? undefined : mark + 1 + placeholder[0].length;
  }
  const end = read.run(mark + 1, NAME, LONGEST_HOST);
  const host = read.slice(mark + 1, end).replace(/[.-]+$/, '');
  const isMail = (MAIL_HOST.test(host) && !FILE_ENDING.test(host)) || FOUR_BYTES.test(host);
  if (!isMail && (strict || !HOST.test(host) || NO_HOST.test(host) || FILE_ENDING.test(host))) return undefined;
  return mark + 1 + host.length;
}

const UUID = /^(?!0{8}-)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const UUID_LENGTH = 36;

/** A serial of a GPU or of a slice of one, behind its mark; of a session or a device where all serials go. */
export function serial(read: Reader, at: number, all: boolean): Hit | undefined {
  const marked = read.has('GPU-', at) || read.has('MIG-', at);
  const before = read.at(at - 1);
  if (marked ? isIn(before, WORD) : !all || isIn(before, WORD) || before === DASH) return undefined;
  const from = marked ? at + 4 : at;
  const end = from + UUID_LENGTH;
  const id = read.slice(from, end);
  if (!UUID.test(id) || isIn(read.at(end), WORD) || read.at(end) === DASH) return undefined;
  return { end, instead: read.slice(at, from) + hiddenSerial(id) };
}

const KERNEL = /^(?:Linux|Darwin) ([\w.-]{1,253}) \d{1,3}\.\d{1,3}\.\d/;
const INTERNAL = /\.(?:internal|lan|corp|intranet|cluster\.local)$/i;
const AWS_NAME = /^ip(?:-\d{1,3}){4}$/i;

/** The host in the answer of uname, as its place. */
export function unameHost(read: Reader, at: number): { readonly from: number; readonly end: number } | undefined {
  if (!(read.has('Linux ', at) || read.has('Darwin ', at)) || isIn(read.at(at - 1), WORD)) return undefined;
  const match = KERNEL.exec(read.slice(at, at + LONGEST_HOST + 30));
  if (match === null) return undefined;
  const from = at + (read.has('Linux ', at) ? 6 : 7);
  return { from, end: from + (match[1] ?? '').length };
}

/** A name that no public server has. @param strict only names with a digit: `triton.internal` is a module */
export function isInternalHost(name: string, strict: boolean): boolean {
  if (name.length > LONGEST_HOST) return false;
  return AWS_NAME.test(name) || (INTERNAL.test(name) && (!strict || /\d/.test(name)));
}

const HOMES = ['/home/', '/Users/'] as const;

/** A home folder, as paths lead through it. */
export function homeEnd(read: Reader, at: number): number | undefined {
  let from: number | undefined;
  if (read.at(at) === SLASH) from = HOMES.filter(home => read.has(home, at)).map(home => at + home.length)[0];
  else if (read.at(at + 1) === COLON && read.at(at + 2) === BACKSLASH && read.has('Users', at + 3)) {
    const after = read.at(at + 8);
    from = after === SLASH || after === BACKSLASH ? at + 9 : undefined;
  }
  if (from === undefined) return undefined;
  const end = read.until(from, PART_END);
  return end > from ? end : undefined;
}

/** Folders that come with the operating system. Another may be called after a project or a customer. */
const SYSTEM = /^\/(?:usr|opt|lib|lib64|bin|sbin|dev|proc|sys|etc)(?:[/:\s"]|$)/;
const SYSTEM_LONGEST = 8;

/** A path through folders that a person made. */
export function folderEnd(read: Reader, at: number): number | undefined {
  const before = read.at(at - 1);
  if (read.at(at) !== SLASH || isIn(before, WORD) || before === DOT || before === GREATER) return undefined;
  if (SYSTEM.test(read.slice(at, at + SYSTEM_LONGEST))) return undefined;
  let end = at;
  while (read.at(end) === SLASH && isIn(read.at(end + 1), LOGIN)) end = read.run(end + 1, LOGIN);
  return end > at ? end : undefined;
}
