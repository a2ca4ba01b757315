import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { describe, expect, test } from 'vitest';
import { terminalOn } from '#cli/terminal';
import { SHARED, sayWhatIsMissing } from './shared-files.ts';

const ROOT = resolve(import.meta.dirname, '..');
const COVERAGE = join(SHARED, 'coverage.md');
sayWhatIsMissing('that every row of the documents has its row in docs/guides.md was', COVERAGE);

const ABSENT = '**absent**';
interface Row {
  readonly guide: string;
  readonly number: number;
  readonly item: string;
  readonly command: string;
  readonly tells: string;
  readonly proof: string;
}
let guide = '';
const rows = readFileSync(join(ROOT, 'docs/guides.md'), 'utf8')
  .split('\n')
  .flatMap((line): Row[] => {
    guide = /^## (.*)/.exec(line)?.[1] ?? guide;
    if (!/^\| \d/.test(line)) return [];
    const [number = '', item = '', command = '', tells = '', proof = ''] = line
      .slice(1, -1)
      .split(' | ')
      .map(cell => cell.trim());
    return [{ guide, number: Number(number), item, command, tells, proof }];
  });
const working = rows.filter(r => !r.proof.startsWith(ABSENT));
const named = ({ guide: of, number, item }: Row) => `${of} ${number}: ${item}`;

/** Where ids of rules, causes and checks come from: a folder each. */
const IDS = new Set(
  ['machine/rules', 'diagnosis/causes', 'audit/checks', 'decide/storage/hypotheses'].flatMap(room =>
    readdirSync(join(ROOT, 'src', room), { withFileTypes: true }).flatMap(e => (e.isDirectory() ? [e.name] : [])),
  ),
);

test('each guide has its rows, numbered without a gap; a row without a test says absent, with a reason and nothing else', () => {
  for (const of of new Set(rows.map(r => r.guide))) {
    const numbers = rows.filter(r => r.guide === of).map(r => r.number);
    expect(numbers).toEqual(numbers.map((_, i) => i + 1));
  }
  expect(new Set(rows.map(r => r.guide)).size).toBe(4);
  for (const { proof, command, tells } of rows.filter(r => r.proof.startsWith(ABSENT)))
    expect([command, tells, proof.slice(ABSENT.length)]).toEqual(['–', '', expect.stringMatching(/^: \S/)]);
});

test.skipIf(!existsSync(COVERAGE))('all that the documents ask for has a row', () => {
  const asked = readFileSync(COVERAGE, 'utf8');
  /** Items of a document; of the suite those of its first two phases. */
  const count = (of: string, last = Number.POSITIVE_INFINITY) =>
    (asked.split(`## ${of} `)[1]?.split('\n## ')[0] ?? '')
      .split('\n')
      .filter(line => Number(/^\| (\d+) \|/.exec(line)?.[1] ?? Number.NaN) <= last).length;
  const have = [...new Set(rows.map(r => r.guide))].map(of => rows.filter(r => r.guide === of).length);
  expect(have).toEqual([count('000'), count('001', 18), count('002'), count('003')]);
});

describe('a row', () => {
  test('names tests that are there, under the names that they have', () => {
    const texts = new Map<string, string>();
    const wrong = working.flatMap(row => {
      const cited = [...row.proof.matchAll(/`((?:test|src)\/[^`]+\.test\.ts)` “([^”]+)”/g)];
      if (cited.length === 0) return [`${named(row)}: no test`];
      return cited.flatMap(([, file = '', name = '']) => {
        const path = join(ROOT, file);
        if (!texts.has(file)) texts.set(file, existsSync(path) ? readFileSync(path, 'utf8') : '');
        return texts.get(file)?.includes(name) === true ? [] : [`${named(row)}: ${file} has no “${name}”`];
      });
    });
    expect(wrong).toEqual([]);
  });
  test('names rules, causes and checks that there are', () => {
    const unknown = working.flatMap(row =>
      [...row.tells.matchAll(/`([^`]+)`/g)].flatMap(([, id = '']) => (IDS.has(id) ? [] : [`${named(row)}: ${id}`])),
    );
    expect(unknown).toEqual([]);
  });
  test('has a command that the command line understands', async () => {
    const wrong = await Promise.all(working.map(async row => ((await understood(row.command)) ? [] : [`${named(row)}: ${row.command}`])));
    expect(wrong.flat()).toEqual([]);
  });
});

const silent = { write: () => {} };
const terminal = terminalOn({ stdout: silent, stderr: silent, env: {}, ownsProcess: false });
const commands = new Map<string, Promise<CommandUnknownOpts>>();

async function commandOf(name: string): Promise<CommandUnknownOpts> {
  const module: Readonly<Record<string, (on: typeof terminal) => CommandUnknownOpts>> = await import(`../src/cli/commands/${name}.ts`);
  const make = module[`${name}Command`];
  if (make === undefined) throw new Error(`there is no command ${name}`);
  return make(terminal);
}

/** Words of a command line, as a shell parts them. */
const wordsOf = (line: string): string[] => [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? '');

/** Whether a command line has options that there are, with values that they take, and as many arguments as it may. */
async function understood(cell: string): Promise<boolean> {
  const [, line = ''] = /^`(forensics .*)`$/.exec(cell) ?? [];
  const [program, name = '', ...words] = wordsOf(line);
  if (program !== 'forensics' || !existsSync(join(ROOT, `src/cli/commands/${name}.ts`))) return false;
  const main = await (commands.get(name) ?? commandOf(name));
  const below = main.commands.find(sub => sub.name() === words[0]);
  const command = below ?? main;
  const { operands, unknown } = command.exitOverride().parseOptions(below === undefined ? words : words.slice(1));
  const most = command.registeredArguments.some(a => a.variadic) ? Number.POSITIVE_INFINITY : command.registeredArguments.length;
  const least = command.registeredArguments.filter(a => a.required).length;
  return unknown.filter(w => w.startsWith('-') && w !== '--').length === 0 && operands.length >= least && operands.length <= most;
}
