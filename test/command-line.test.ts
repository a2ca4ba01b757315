import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Report } from '#schema/report';
import { assertBuilt, type Run, runCli, spawnCli } from './run-cli.ts';
import { writeSmallCase } from './small-case.ts';

const PATIENCE = 120_000;
const root = mkdtempSync(join(tmpdir(), 'command line '));
const faulty = join(root, 'faulty');
const clean = join(root, 'clean');
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is the control character that must not be there.
const COLOUR = /\u001b\[/;

beforeAll(() => {
  assertBuilt();
  writeSmallCase(faulty);
  writeSmallCase(clean, { clean: true });
}, PATIENCE);
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('a command below another', () => {
  const asked = (...words: readonly string[]) => runCli(['baseline', ...words]);
  test('that is given an option which it has not says so, ends with 2, and names its own help', async () => {
    const { code, stderr } = await asked('save', 'main', 'x.json', '--nope');
    expect(code).toBe(2);
    expect(stderr).toContain("unknown option '--nope'");
    expect(stderr).toContain('(see `forensics baseline save --help`)');
  });
  test('that is given too much does, too', async () => expect((await asked('list', 'one', 'two')).code).toBe(2));
  test('lacks the value of an option as any other', async () =>
    expect((await asked('save', 'main', 'x.json', '--baselines', '--force')).stderr).toContain('--baselines lacks its value'));
  test('shows its help', async () => expect(await asked('list', '--help')).toMatchObject({ code: 0, stderr: '' }));
});

describe('analyze --json', () => {
  const out = join(root, 'out');
  let run: Run;
  // As users run it; all other tests run it in this process.
  beforeAll(() => {
    run = spawnCli(['analyze', faulty, '--json', '--out', out]);
  }, PATIENCE);

  test('prints the report alone to stdout: the very bytes of report.json', () => {
    expect(Report.safeParse(JSON.parse(run.stdout)).error).toBeUndefined();
    expect(run.stdout).toBe(readFileSync(join(out, 'report.json'), 'utf8'));
  });
  test('tells its progress on stderr, one step a line', () => expect(run.stderr.trimEnd().split('\n').length).toBeGreaterThan(3));
  test('writes the report in all its forms, and no other file', () => {
    expect(readdirSync(out).toSorted()).toEqual(['charts', 'report.html', 'report.json', 'report.md', 'summary.md']);
    expect(readdirSync(join(out, 'charts')).every(f => f.endsWith('.vl.json'))).toBe(true);
  });
  test('ran, so exits with 0 although it found something', () => expect(run.code).toBe(0));
});

describe('--fail-on', () => {
  const failOn = (folder: string, severity: string) =>
    runCli(['analyze', folder, '--fail-on', severity, '--out', join(root, 'fail-on'), '--force']);
  test(
    'high exits with 1 on an incident worth a fifth of p99',
    async () => {
      const { code, stdout, stderr } = await failOn(faulty, 'high');
      expect(code).toBe(1);
      expect(stdout).toContain('p99 was');
      expect(stdout.trimEnd().split('\n').length).toBeLessThanOrEqual(12);
      expect(stderr).toContain('failed on --fail-on high: Host computing');
    },
    PATIENCE,
  );
  test(
    'low exits with 0 on a clean run, which is called healthy',
    async () => {
      const { code, stdout } = await failOn(clean, 'low');
      expect(code).toBe(0);
      expect(stdout).toMatch(/^Healthy: p99 was /m);
    },
    PATIENCE,
  );
  test('takes only severities that there are', async () => expect(await failOn(clean, 'terrible')).toMatchObject({ code: 2, stdout: '' }));
});

describe('colour', () => {
  const failing = ['analyze', join(root, 'nowhere')];
  test('is none when the output is no terminal', async () => expect((await runCli(failing)).stderr).not.toMatch(COLOUR));
  test('is none with NO_COLOR, even when colour is forced', async () =>
    expect((await runCli(failing, { NO_COLOR: '1', FORCE_COLOR: '1' })).stderr).not.toMatch(COLOUR));
  // In a process of its own: a library that colours by default would look at the real environment, as it is loaded.
  test('is none in CI, where the output is no terminal either', () => {
    const { stderr } = spawnCli(failing, { CI: '1' });
    expect(stderr).toContain('error');
    expect(stderr).not.toMatch(COLOUR);
  });
});

describe('a command line that makes no sense exits with 2 and says so on stderr', () => {
  const cwd = process.cwd();
  beforeAll(() => process.chdir(root));
  afterAll(() => process.chdir(cwd));
  test.each([
    ['an unknown option', ['analyze', '.', '--bogus'], '--bogus'],
    ['an unknown command', ['frobnicate'], 'frobnicate'],
    [
      'an option in place of a value',
      ['redact', 'a.sqlite', '--keep-env', '--json'],
      '--keep-env lacks its value: the option --json follows it',
    ],
    ['a short option in place of a value', ['analyze', '.', '--out', '-h'], '--out lacks its value'],
    ['no trace', ['analyze'], 'no trace was named'],
    ['a part of a command without its argument', ['baseline', 'save'], '(see `forensics baseline save --help`)'],
    ['a word that would clear the terminal', ['analyze', '.', '--fail-on', '\u001b[2J'], '\\u001b[2J'],
    ['a number that is none', ['analyze', '.', '--requests-offset-ms', 'soon'], 'must be a time'],
    ['a trace that does not exist', ['doctor', 'nowhere.sqlite'], 'does not exist'],
    ['captures without truth', ['score', '.'], 'truth.json'],
    ['a whole fault that names no cause', ['score', '--whole', 'a=gremlins', '--', '.'], 'gremlins'],
  ])('%s', async (_, args, word) => {
    const { code, stdout, stderr } = await runCli(args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(word);
    expect(stderr).not.toMatch(/^\s+at |This is a bug/m);
    expect(stderr).not.toContain('\u001b');
    expect(existsSync(join(root, 'forensics-report'))).toBe(false);
  });
});

test('a value may look like an option where it is no option of the command', async () => {
  const { stderr } = await runCli(['redact', join(root, 'none.sqlite'), '--keep-env', '--odd', '--json']);
  expect(stderr).toContain('does not exist');
});

describe('--help', () => {
  const commands = async () => [...(await runCli(['--help'])).stdout.matchAll(/^ {2}([a-z]+) .*\[options\]/gm)].map(m => m[1] ?? '');
  test('goes to stdout, exits with 0, and shows how to start', async () => {
    const { code, stdout, stderr } = await runCli(['--help']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('$ forensics ');
  });
  test('of every command has an example that begins with that command', async () => {
    const all = await commands();
    expect(all).toEqual(expect.arrayContaining(['demo', 'doctor', 'analyze', 'query', 'score']));
    for (const command of all) expect((await runCli([command, '--help'])).stdout).toContain(`$ forensics ${command}`);
  });
  test('shows no value of JavaScript as a default', async () => {
    for (const command of await commands()) {
      const { stdout } = await runCli([command, '--help']);
      expect(stdout.match(/\(default: [^)]*[[{][^)]*\)|default: (?:true|false|undefined)\b/g)).toBeNull();
    }
  });
  test('of a command is named by its errors', async () => {
    for (const command of await commands())
      expect((await runCli([command, '--bogus'])).stderr).toContain(`(see \`forensics ${command} --help\`)`);
    expect((await runCli(['capture'])).stderr).toContain('(See `forensics capture --help`.)');
  });
  test('of capture warns of what stops or freezes the server', async () => {
    const { stdout } = await runCli(['capture', '--help']);
    for (const danger of ['Ctrl-C, SIGTERM and a lost ssh session stop the server', 'nsys freezes the server', 'of disk'])
      expect(stdout).toContain(danger);
  });
  test('--version says the version alone', async () =>
    expect(await runCli(['--version'])).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) }));
});

test('without any word, the three ways in are explained', async () => {
  const { code, stdout, stderr } = await runCli([]);
  expect([code, stderr]).toEqual([0, '']);
  for (const way of ['forensics demo', 'forensics analyze', 'forensics capture']) expect(stdout).toContain(way);
});
test('an analysis says how far it is', async () => {
  const { stderr } = await runCli(['analyze', clean, '--out', join(root, 'far')]);
  const far = [...stderr.matchAll(/\((\d+) %/g)].map(m => Number(m[1]));
  expect(far.length).toBeGreaterThan(5);
  expect(far).toEqual(far.toSorted((a, b) => a - b));
});
