import { assert, constantFrom, array as listOf, oneof, property, record, string, tuple } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleaners, redactText } from './redact-text.ts';
import { patternOf } from './secret.ts';
import { secretsOf } from './secrets.ts';

const alice = secretsOf({
  env: { HOME: '/home/alice', USER: 'alice', HOSTNAME: 'gpu-node-17.example.com', MODEL_DIR: '/srv/acme/models', LOG_LEVEL: 'verbose' },
  argv: ['--token', 'tok-5550123'],
});

describe('a text of a case', () => {
  test.each([
    ['a home as the head of a path', 'open("/home/alice/a.bin")', 'open("<home>/a.bin")'],
    ["another user's home", 'cd /home/bob/x', 'cd <home>/x'],
    ['a user as a word', 'user alice logged in', 'user <user> logged in'],
    ['a host by its full and its short name', 'gpu-node-17.example.com (gpu-node-17)', '<host> (<host>)'],
    ['a path of the environment', 'loading /srv/acme/models/7b', 'loading <MODEL_DIR>/7b'],
    ['a secret of the command line', 'Bad token tok-5550123!', 'Bad token <argument>!'],
    ['a token', 'got hf_abcdefghijklmnopqrstuvwxyz', 'got <redacted>'],
    ['a named secret', '{"api_key": "abc", "n": 1}', '{"api_key": "<redacted>", "n": 1}'],
    ['a login', 'ssh carol@somewhere.net', 'ssh <login>'],
    ['hosts that show by their form', 'Linux box9 6.18.1 on a1.rack.internal, ip-10-0-0-7', 'Linux <host> 6.18.1 on <host>, <host>'],
    ['addresses', '10.1.2.3 fe80::1c:2 02:42:ac:11:00:02', '<address> <address> <address>'],
    ['a serial of a GPU, by one of the same form', 'GPU-c66f6107-f595-f87a-53ef-e73cadcee204', 'GPU-00000000-0000-0000-0000-1c3c27a21fa6'],
    [
      'an environment that a log prints',
      'starting\nA=1\nB_C=x y\nNCCL_DEBUG=INFO\nready',
      'starting\nA=<redacted>\nB_C=<redacted>\nNCCL_DEBUG=INFO\nready',
    ],
    ['an environment', 'A=1\nHOME=/x\nSHLVL=1\nNCCL_DEBUG=INFO', 'A=<redacted>\nHOME=<redacted>\nSHLVL=<redacted>\nNCCL_DEBUG=INFO'],
  ])('loses %s', (_, text, shown) => {
    expect(redactText(text, alice)).toBe(shown);
    expect(redactText(shown, alice)).toBe(shown);
  });

  test.each([
    ['names of functions', 'void at::native::vectorized_elementwise_kernel<(int)4>(a / b), root_finder, vmaf_kernel'],
    ['request ids, by which files are joined', '{"id": "c66f6107-f595-f87a-53ef-e73cadcee204", "arrival_ns": 1795324739393728771}'],
    ['versions', 'torch 2.11.0, nsys 2025.3.2.0, libnpp.so.13.0.1.2, CUDA 13.0'],
    ['times', '2026/11/22 05:19:13.123, 05:19:13'],
    ['addresses of PCI', '00000000:1B:00.0 0000:c1:00.0'],
    ['ordinary words that are values too', 'more verbose output'],
    ['the lines of a log around two assignments', 'a\nHOME=1\nb\nc\nd\ne\nf\ng'],
  ])('keeps %s', (_, text) => expect(redactText(text, secretsOf({ user: 'root', host: 'vm', env: { LOG_LEVEL: 'verbose' } }))).toBe(text));
});

test('whatever the environment and the text, no secret survives, and a second time changes nothing', () => {
  const name = constantFrom('HOME', 'USER', 'HOSTNAME', 'PATH', 'API_KEY', 'FOO', 'BAR_DIR', 'NCCL_DEBUG', 'CUDA_HOME', 'a b');
  const piece = string({ unit: constantFrom(...'abcXYZ019_-./:=@ "\\\n{é'), maxLength: 14 });
  const value = listOf(constantFrom('/home/al', '/root', 'root', 'gpu-1', 'gpu-1.x.org', 'p:w@h', '/a/b:/c', 'wx', 'long value here!'), {
    maxLength: 2,
  }).chain(parts => piece.map(p => [...parts, p].join('')));
  const shape = constantFrom(
    '\0A=1\0B=2\0',
    'HOME=/x\nUSER=y\nPATH=z\n',
    ' token=q9 ',
    '--password zz ',
    'Bearer abcdef123 ',
    '"api_key": "v"',
    ' me@there.org ',
    ' 10.0.0.1 ',
    ' fe80::1:2 ',
    'hf_abcdefghijklmnopqrstuvwxyz',
    ' GPU-c66f6107-f595-f87a-53ef-e73cadcee204',
    'Linux box 6.1.2 ',
    '/home/zed/x',
    '<home>',
    'CUDA_HOME=/data/x;',
    'https://u:v@w.x/',
  );
  void assert(
    property(
      listOf(tuple(name, value), { maxLength: 6 }),
      record({ user: value, host: value, home: value }),
      listOf(oneof(piece, shape), { maxLength: 12 }),
      (env, { user, host, home }, glue) => {
        const secrets = secretsOf({ env: Object.fromEntries(env), user, host, home, argv: ['--token', user + host] });
        const values = [...env.map(([, v]) => v), user, host, home];
        const text = glue.map((g, i) => g + (values[i % values.length] ?? '')).join('');
        const shown = redactText(text, secrets);
        for (const s of secrets.list)
          if (s.reach !== 'texts')
            expect(new RegExp(patternOf(s)).exec(shown)?.[0], `${JSON.stringify(s)} in ${JSON.stringify(text)}`).toBeUndefined();
        expect(redactText(shown, secrets)).toBe(shown);
        for (const kind of ['name', 'label', 'text', 'file'] as const) {
          const clean = cleaners(secrets)[kind];
          expect(clean(clean(text)), `${kind}: ${JSON.stringify(text)} ${JSON.stringify(secrets)}`).toBe(clean(text));
        }
      },
    ),
    { numRuns: 300 },
  );
});
