import { expect, test } from 'vitest';
import { redactArgv, secretsInArgv } from './argv.ts';

const R = '<redacted>';

test.each<[string, string[], string[]]>([
  ['the value of an option that announces it', ['serve', '--api-key', 'abc', '--port', '80'], ['serve', '--api-key', R, '--port', '80']],
  ['the value behind an equals sign', ['--hf-token=abc=d'], [`--hf-token=${R}`]],
  ['a short value only where it stands', ['--password', 'a', 'data', 'a'], ['--password', R, 'data', 'a']],
  [
    'a variable for the program',
    ['env', 'AWS_PROFILE=prod', 'NCCL_DEBUG=INFO', 'python3'],
    ['env', `AWS_PROFILE=${R}`, 'NCCL_DEBUG=INFO', 'python3'],
  ],
  ['a login in a URL', ['https://jo:pw@example.com/x'], [`https://${R}@example.com/x`]],
  ['name and password of curl', ['curl', '-u', 'jo:pw'], ['curl', '-u', R]],
  ['a header', ['-H', 'Authorization: Bearer abcdef123456'], ['-H', `Authorization: Bearer ${R}`]],
  [
    'a secret in the words of a shell',
    ['bash', '-c', 'export API_TOKEN=xyz; serve --token "t1" --port 80'],
    ['bash', '-c', `export API_TOKEN=${R}; serve --token "${R}" --port 80`],
  ],
  ['a token by its shape', ['--model', 'x', 'hf_abcdefghijklmnopqrstuvwxyz'], ['--model', 'x', R]],
])('hides %s', (_, argv, shown) => {
  expect(redactArgv(argv)).toEqual(shown);
  expect(redactArgv(shown)).toEqual(shown);
});

test('leaves settings alone', () => {
  const argv = [
    'python3',
    'serve.py',
    '--max-tokens',
    '512',
    '--tokenizer',
    'auto',
    'model.size=7b',
    '--num-key-value-heads=8',
    '-p',
    '8000',
  ];
  expect(redactArgv(argv)).toEqual(argv);
  expect(secretsInArgv(argv)).toEqual([]);
});
test('an option without a value hides none of the next option', () =>
  expect(redactArgv(['--auth', '--port', '1'])).toEqual(['--auth', '--port', '1']));
test('tells the secrets that it hides', () =>
  expect(secretsInArgv(['--api-key', 'abc', 'X=y', 'https://jo:pw@h/'])).toEqual(['abc', 'y', 'jo:pw']));

test.each([
  'hf_abcdefghijklmnopqrstuvwxyz',
  'sk-proj-abcdefghijklmnop',
  `ghp_${'a1'.repeat(18)}`,
  'AKIAIOSFODNN7EXAMPLE',
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc-DEF_123',
  'xoxb-1234567890-abcdefghij',
  'nvapi-abcdefghijklmnop1234',
  'glpat-abcdefghij0123456789',
])('the token %s shows by its shape', token =>
  expect(redactArgv([`say ${token}.`])).toEqual([`say ${R}.`].map(s => (token.startsWith('eyJ') ? 'say <redacted>.' : s))),
);
