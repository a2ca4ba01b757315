import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { expect, test } from 'vitest';
import { withoutComments } from '../tools/architecture/imports.ts';

const SRC = resolve(import.meta.dirname, '../src');

/** Folders below src that need no units, each with the reason. */
const ANY_UNIT = new Map([
  ['core/secrets', 'Counts characters of a text, and nothing else.'],
  ['core/math', 'Works in whatever unit it is given.'],
  ['core/format', 'Says in its names what it prints.'],
]);
/** What looks like a time or a size and is a count, as file, then name. */
const COUNTS = [
  // As of an array.
  'schema/relation.ts length',
  // Of rows.
  'app/query/protocol.ts limit',
  'cli/query/request.ts limit',
  // Of characters, and of tokens.
  'input/text/text.ts length',
  'record/load-test/generator/lengths.ts from',
  'record/load-test/generator/lengths.ts to',
  'trace/kineto/event.ts length',
  // Places in a template.
  'trace/nsys/export-tables.ts from',
  'trace/nsys/export-tables.ts to',
  // Rounds of readings.
  'app/checkup/send-loads.ts from',
  'app/checkup/send-loads.ts to',
  // Numbers of GPUs.
  'machine/drift/same-boards.ts from',
  'machine/drift/same-boards.ts to',
  // In the unit of what is swept over: requests in flight, requests a second, tokens.
  'app/sweep/search.ts from',
  'app/sweep/search.ts to',
  // The guide's own name, in its own unit.
  'report/render/guide/power-metrics.ts duration',
  // Number of a bit.
  'trace/pages/records.ts from',
  // Index of a byte.
  'record/redaction/byte-search.ts at',
  'record/redaction/encodings.ts at',
  // Pixels.
  'report/render/charts/lanes.ts at',
];

/** Names that say that a number is a time, a length, a size or a share, and not in which unit. */
const WORDS =
  'start|end|from|to|until|since|limit|excess|duration|length|lateness|wait|busy|idle|gap|at|t|begin|begun|residual|offset|uncertainty|delay|transfer|bytes|share';
const BARE = new RegExp(`(?<![\\w.])(${WORDS})\\??: (?:readonly )?number\\b`, 'g');
/** What others see of a file: its types, and the signatures that it exports. */
const TYPE = /^(?:export )?(?:interface|type) /;
const SIGNATURE = /^export (?:async )?(?:function|const) /;

/** A declaration of a function or constant without the body of the function. */
function withoutBody(text: string): string {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (text.startsWith('=>', i)) {
      if (depth === 0) return text.slice(0, i);
      i++;
    } else if ('([{<'.includes(char)) {
      // After a colon it is the type of what is returned.
      if (char === '{' && depth === 0 && text.includes('function') && !/: (?:readonly )?$/.test(text.slice(0, i))) return text.slice(0, i);
      depth++;
    } else if (')]}>'.includes(char)) depth--;
  }
  return text;
}

/** Declarations of a file that begin at its margin, without the bodies of functions. */
function declarations(code: string): string[] {
  const lines = code.split('\n');
  return lines.flatMap((first, i) => {
    if (!TYPE.test(first) && !SIGNATURE.test(first)) return [];
    const next = lines.findIndex((line, k) => k > i && /^[^\s)\]}]/.test(line));
    const text = lines.slice(i, next < 0 ? undefined : next).join('\n');
    return [TYPE.test(first) ? text : withoutBody(text)];
  });
}

/** Names in a source whose type tells no unit. */
const bareIn = (source: string) => declarations(withoutComments(source)).flatMap(text => [...text.matchAll(BARE)].map(m => m[1] ?? ''));

const within = (file: string, place: string) => file === place || file.startsWith(`${place}/`);

interface Offender {
  readonly file: string;
  readonly name: string;
}
const offenders: readonly Offender[] = readdirSync(SRC, { recursive: true, withFileTypes: true })
  .filter(f => f.isFile() && f.name.endsWith('.ts') && !/\.(test|test-data|gen|d)\.ts$/.test(f.name))
  .map(f => relative(SRC, join(f.parentPath, f.name)).split(sep).join('/'))
  .filter(file => ![...ANY_UNIT.keys()].some(folder => within(file, folder)))
  .flatMap(file => bareIn(readFileSync(join(SRC, file), 'utf8')).map(name => ({ file, name })));

test('what others see of a number tells its unit', () => {
  const found = offenders.map(o => `${o.file} ${o.name}`);
  expect(found.filter(f => !COUNTS.includes(f))).toEqual([]);
});
test('nothing stands among the counts that is none', () => {
  expect(COUNTS.filter(count => !offenders.some(o => `${o.file} ${o.name}` === count))).toEqual([]);
});

test('finds what others see, and nothing else', () => {
  const source = `
    import { type Ns } from '#core/units';
    interface Quiet {
      /** A time. */
      readonly start: number;
      readonly end: Ns;
      readonly count: number;
      readonly end_ms: number;
      readonly over: (from: number, until: Ns) => number;
    }
    export type Inline = { readonly wait?: number | undefined } & { readonly gap: readonly number[] };
    export function many(
      limit: number,
      by: (share: number) => boolean = () => true,
    ): { readonly bytes: number } {
      const delay: number = 3;
      return { bytes: limit };
    }
    export const arrow = (at: number, i: number): number => {
      const idle: number = at;
      return idle;
    };
    function inner(duration: number) {}
  `.replaceAll('\n    ', '\n');
  expect(bareIn(source)).toEqual(['start', 'from', 'wait', 'gap', 'limit', 'share', 'bytes', 'at']);
});
