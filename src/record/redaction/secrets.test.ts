import { describe, expect, test } from 'vitest';
import { joinSecrets, type Secrets, secretsOf } from './secrets.ts';

const find = (secrets: Secrets, text: string) => secrets.list.find(s => s.text === text);
const texts = (secrets: Secrets) => secrets.list.map(s => s.text);

describe('what a process knows of its machine', () => {
  const secrets = secretsOf({
    env: {
      HOME: '/home/alice',
      USER: 'alice',
      HOSTNAME: 'gpu-17.corp.example.com',
      PATH: '/opt/acme/bin:/usr/bin',
      HF_TOKEN: 'hunter22',
      NCCL_DEBUG: 'INFO',
      NCCL_VERSION: '2.28.3-1',
      NV_NCCL_VERSION: '2.28.3-1',
      HTTPS_PROXY: 'http://proxyuser:proxypass1@proxy.example.com:3128',
      SHLVL: '1',
      LOG_LEVEL: 'info',
      ABSENT: undefined,
    },
    argv: ['serve', '--api-key', 'k-123456'],
    user: 'alice',
    home: '/home/alice',
    host: 'gpu-17',
  });

  test('is its home, user and host, each with a placeholder of its kind', () => {
    expect(find(secrets, '/home/alice')).toMatchObject({ kind: 'home', placeholder: '<home>', reach: 'anywhere' });
    expect(find(secrets, 'alice')).toMatchObject({ kind: 'user', placeholder: '<user>' });
    expect(find(secrets, 'gpu-17')).toMatchObject({ kind: 'host', reach: 'anywhere' });
  });
  test('is a host under all its names', () =>
    expect(texts(secrets)).toEqual(expect.arrayContaining(['gpu-17.corp.example.com', 'GPU-17', 'corp.example.com'])));
  test('is values, named by their variables, and what search paths and URLs consist of', () => {
    expect(find(secrets, 'hunter22')).toMatchObject({ kind: 'environment', placeholder: '<HF_TOKEN>', reach: 'anywhere' });
    expect(texts(secrets)).toEqual(expect.arrayContaining(['/opt/acme/bin:/usr/bin', '/opt/acme/bin', 'proxypass1', 'proxy.example.com']));
  });
  test('is what its command line hides', () => expect(find(secrets, 'k-123456')).toMatchObject({ kind: 'argument' }));
  test('is neither a kept value nor one that a kept variable shares', () => {
    expect(texts(secrets)).not.toContain('INFO');
    expect(texts(secrets)).not.toContain('2.28.3-1');
  });
  test("is neither too short nor everyone's", () => {
    expect(texts(secrets)).not.toContain('1');
    expect(texts(secrets)).not.toContain('info');
  });
});

test.each<[string, string, object | undefined]>([
  ['a path is followed anywhere', '/srv/acme/run', { reach: 'anywhere', edges: 'none' }],
  ['a folder at the root ends where a longer name goes on', '/lib', { reach: 'anywhere', edges: 'after' }],
  ['a value with punctuation is followed anywhere', 'en_US.UTF-8', { reach: 'anywhere', edges: 'none' }],
  ['a key is', 'a1b2c3d4e5f6a7b8', { reach: 'anywhere', edges: 'none' }],
  ['a word is followed into texts alone, for a function may be called so', 'flash_fwd_kernel', { reach: 'texts' }],
  ['a short word is so as a whole word', 'copy', { reach: 'texts', edges: 'word' }],
  ['a small number is not followed', '8192', undefined],
  ['a setting is not followed', 'true', undefined],
])('%s', (_, value, follow) => {
  const found = find(secretsOf({ env: { SOMETHING: value } }), value);
  if (follow === undefined) expect(found).toBeUndefined();
  else expect(found).toMatchObject(follow);
});

test('a user and a host that are ordinary words are looked for as words, and not in names of functions', () => {
  const secrets = secretsOf({ user: 'root', host: 'vm' });
  expect(find(secrets, 'root')).toMatchObject({ reach: 'labels', edges: 'word' });
  expect(find(secrets, 'vm')).toMatchObject({ reach: 'labels', edges: 'word' });
});
test('localhost is no host, and a user called user cannot be told from the word', () =>
  expect(texts(secretsOf({ host: 'localhost', user: 'user' }))).toEqual([]));
test('two values of one variable have placeholders of their own', () => {
  const a = secretsOf({ env: { A_DIR: '/srv/one/x:/srv/two/y' } });
  expect(new Set(a.list.map(s => s.placeholder)).size).toBe(a.list.length);
});
test('a variable named after its user is not named in a placeholder', () =>
  expect(find(secretsOf({ user: 'alice', env: { alice: 'some-value-9' } }), 'some-value-9')?.placeholder).toBe('<value>'));
test('joined secrets are all of them, named by the first that knows them', () => {
  const joined = joinSecrets(
    secretsOf({ host: 'node-17', keep: ['A_'] }),
    secretsOf({ env: { X: 'node-17' }, keep: ['B_'] }),
    secretsOf({ user: 'bob' }),
  );
  expect(find(joined, 'node-17')?.kind).toBe('host');
  expect(texts(joined)).toContain('bob');
  expect(joined.keep).toEqual(['A_', 'B_']);
});
