import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runCli } from './run-cli.ts';

const root = mkdtempSync(join(tmpdir(), 'completion-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const has = (shell: string) => spawnSync(shell, ['--version']).status === 0;

async function script(shell: string): Promise<string> {
  const { stdout, code } = await runCli(['completion', shell]);
  expect(code).toBe(0);
  const file = join(root, shell);
  writeFileSync(file, stdout);
  return file;
}
/** What a shell says to some lines of its language, and that it complains of nothing. */
const say = (shell: string, flags: readonly string[], lines: string): string => {
  const { stdout, stderr } = spawnSync(shell, [...flags, '-c', lines], {
    encoding: 'utf8',
    env: { ...process.env, TERM: 'dumb', HOME: root },
  });
  expect(stderr).toBe('');
  return stdout;
};

for (const shell of ['bash', 'zsh', 'fish'])
  if (!has(shell)) process.stderr.write(`*** SKIPPED without ${shell}: its completion NOT checked. ***\n`);

describe.skipIf(!has('bash'))('in bash', () => {
  const complete = async (...words: readonly string[]) => {
    const file = await script('bash');
    const list = ['forensics', ...words].map(w => `'${w}'`).join(' ');
    return say('bash', ['--norc'], `source ${file}; COMP_WORDS=(${list}); COMP_CWORD=${words.length}; _forensics; echo "\${COMPREPLY[@]}"`)
      .trim()
      .split(' ')
      .filter(w => w !== '');
  };
  test('the script is registered for forensics', async () =>
    expect(say('bash', ['--norc'], `source ${await script('bash')}; complete -p forensics`)).toContain('-F _forensics forensics'));
  test('commands', async () => {
    expect(await complete('an')).toEqual(['analyze']);
    expect(await complete('')).toEqual(expect.arrayContaining(['demo', 'capture', 'completion', 'score', '--help']));
  });
  test('options of a command', async () => {
    expect(await complete('analyze', '--req')).toEqual(['--requests', '--requests-offset-ms']);
    expect(await complete('query', '--analy')).toEqual([]);
  });
  test('values of an option, and of an argument', async () => {
    expect(await complete('analyze', '--fail-on', '')).toEqual(['low', 'medium', 'high']);
    expect(await complete('completion', 'z')).toEqual(['zsh']);
  });
  test('files, where nothing else fits', async () => expect(await complete('analyze', 'src/')).toEqual([]));
});

test.skipIf(!has('zsh'))('in zsh the script loads and defines its function', async () =>
  expect(
    say('zsh', ['-f'], `autoload -U compinit; compinit -u; source ${await script('zsh')}; print $_comps[forensics]; whence -w _forensics`),
  ).toContain('_forensics: function'),
);

test.skipIf(!has('fish'))('in fish the script completes commands and options', async () => {
  const file = await script('fish');
  expect(say('fish', ['--no-config'], `source ${file}; complete -C 'forensics an'`)).toContain('analyze');
  expect(say('fish', ['--no-config'], `source ${file}; complete -C 'forensics analyze --req'`)).toContain('--requests');
});

// Whatever is installed: no word may end the quotes that it stands in.
test.each(['bash', 'zsh', 'fish'])('the script for %s has no quote of its own in a word', async shell => {
  const { stdout } = await runCli(['completion', shell]);
  for (const line of stdout.split('\n').filter(l => !l.startsWith('#'))) expect((line.match(/'/g) ?? []).length % 2).toBe(0);
});
