import { describe, expect, test } from 'vitest';
import { findPrivate, hidePrivate } from './find.ts';
import type { Rules } from './scan.ts';

const LABEL: Rules = { announced: true, identities: 'labels', serials: false, folders: false, spoken: true };
const FILE: Rules = { ...LABEL, identities: 'all' };
const TEXT: Rules = { ...FILE, serials: true, spoken: false };
const NAME: Rules = { announced: false, identities: 'none', serials: false, folders: false, spoken: false };
const ROLES = { label: LABEL, file: FILE, text: TEXT } as const;

const A1 = 'a1B2c3D4e5';
/** Tokens that show by their shape, whatever stands around them. None was ever valid. */
const TOKENS: Readonly<Record<string, string>> = {
  'Hugging Face': `hf_${'aB3dE'.repeat(6)}`,
  OpenAI: `sk-${A1.repeat(4)}`,
  'OpenAI, of a project': `sk-proj-${A1.repeat(4)}`,
  Anthropic: `sk-ant-api03-${A1.repeat(4)}`,
  NVIDIA: `nvapi-${A1.repeat(4)}`,
  GitHub: `ghp_${'a1'.repeat(18)}`,
  'GitHub, fine-grained': `github_pat_${A1.repeat(5)}`,
  GitLab: `glpat-${A1.repeat(2)}`,
  'GitLab, of a deployment': `gldt-${A1.repeat(2)}`,
  'GitLab, of a runner': `glrt-${A1.repeat(2)}`,
  PyPI: `pypi-AgEIcHlwaS5vcmc${A1.repeat(4)}`,
  npm: `npm_${'aB3dE'.repeat(7)}`,
  Stripe: `sk_live_${A1.repeat(3)}`,
  'Stripe, restricted': `rk_live_${A1.repeat(3)}`,
  Google: `AIza${A1.repeat(4)}`,
  'Google, of a client': `GOCSPX-${A1.repeat(3)}`,
  AWS: 'AKIAIOSFODNN7EXAMPLE',
  'AWS, for a while': 'ASIAIOSFODNN7EXAMPLE',
  Slack: 'xoxb-1234567890-abcdefghij',
  'Slack, of an app': 'xapp-1-A0123456789-abcdefghij',
  SendGrid: `SG.${A1.repeat(2)}.${A1.repeat(4)}`,
  'a JSON Web Token': 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc-DEF_123',
  Vault: `hvs.${A1.repeat(3)}`,
  Docker: `dckr_pat_${A1.repeat(3)}`,
  Databricks: `dapi${'0a1b2c3d'.repeat(4)}`,
};

/** Places of a secret whose name is told. */
const NAMED: Readonly<Record<string, (name: string, value: string) => string>> = {
  JSON: (n, v) => JSON.stringify({ id: 7, [n]: v, tokens: 512 }),
  'JSON over lines': (n, v) => JSON.stringify({ id: 7, [n]: v, tokens: 512 }, null, 2),
  'JSON with its value on the next line': (n, v) => `{"${n}":\n    "${v}"}`,
  'JSON in a string of JSON': (n, v) => JSON.stringify({ wrapped: JSON.stringify({ [n]: v, n: 1 }), tokens: 512 }),
  'JSON in a string in a string': (n, v) => JSON.stringify({ log: JSON.stringify({ wrapped: JSON.stringify({ [n]: v }) }) }),
  'JSON of Go, with its escapes': (n, v) => `{"url":"http://h/x?a=b\\u0026${n}=${v}"}`,
  'a dict of Python': (n, v) => `request {'${n}': '${v}', 'n': 1}`,
  'an argument of Python': (n, v) => `connect(host="h", ${n}='${v}', n=1)`,
  'an item of Python': (n, v) => `os.environ['${n}'] = '${v}'`,
  'a hash of Ruby': (n, v) => `{ :${n} => "${v}" }`,
  'a URL': (n, v) => `GET http://h/x?a=1&${n}=${v}&n=2`,
  'a URL in JSON': (n, v) => JSON.stringify({ url: `http://h/x?${n}=${v}` }),
  'a URL in a query': (n, v) => `http://h/to?url=${encodeURIComponent(`http://g/x?${n}=${v}&a=b`)}`,
  'a URL in XML': (n, v) => `<a href="http://h/x?a=b&amp;${n}=${v}"/>`,
  'a line of an ini file': (n, v) => `[default]\n${n}=${v}\nregion=eu`,
  'a line of an ini file, with blanks': (n, v) => `[default]\n${n} = ${v}\nregion = eu`,
  'a line of an ini file in JSON': (n, v) => JSON.stringify({ file: `[default]\n${n} = ${v}\nregion = eu` }),
  'an export of a shell': (n, v) => `export ${n}="${v}"; python3 serve.py`,
  YAML: (n, v) => `server:\n  ${n}: "${v}"\n  port: 80`,
  'variables of Kubernetes': (n, v) => `env:\n- name: ${n}\n  value: "${v}"\n- name: N\n  value: "1"`,
  'variables of Kubernetes in JSON': (n, v) =>
    JSON.stringify({
      env: [
        { name: n, value: v },
        { name: 'N', value: '1' },
      ],
    }),
  'an option': (n, v) => `serve --port 80 --${n} ${v} --n 2`,
  'an option with an equals sign': (n, v) => `serve --port 80 --${n}=${v} --n 2`,
  'an option in quotes': (n, v) => `serve --${n} "${v}" --n 2`,
  'options as a list': (n, v) => JSON.stringify(['serve', `--${n}`, v, '--n', '2']),
  'arguments joined by NUL': (n, v) => ['serve', `--${n}`, v, '--n', '2'].join('\0'),
  'an element of XML': (n, v) => `<server><${n}>${v}</${n}><n>1</n></server>`,
  'an element of XML in a string': (n, v) => `&lt;${n}&gt;${v}&lt;/${n}&gt;`,
  'an attribute of XML': (n, v) => `<server ${n}="${v}" n="1"/>`,
  'a setting of .NET': (n, v) => `<add key="${n}" value="${v}"/>`,
  'a label': (n, v) => `call ${n}=${v}`,
};
const NAMES = [
  'password',
  'api_key',
  'apiKey',
  'auth-token',
  'HF_TOKEN',
  'db.password',
  'aws_secret_access_key',
  'client_secret',
  'X-Api-Key',
  'PGPASSWORD',
  'access_token',
];
const VALUES = ['hunter2x', 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', '0123456789abcdef'];

/** Places of what needs no name. */
const PLACES: Readonly<Record<string, (value: string) => string>> = {
  'nothing else': v => v,
  'a sentence': v => `could not log in with ${v}, try again`,
  'a label': v => `prefill req=7 [${v}]`,
  JSON: v => JSON.stringify({ id: 7, note: v }),
  'a list': v => JSON.stringify([1, v, 2]),
  'JSON in JSON': v => JSON.stringify({ wrapped: JSON.stringify({ note: `x\n${v}` }) }),
  'a path of a URL': v => `http://h/x/${v}/y`,
  'a query': v => `http://h/x?z=${v}&n=1`,
  'a line of CSV': v => `1,${v},2.5`,
  'an argument': v => ['serve', v, '--n'].join('\0'),
  XML: v => `<note>${v}</note>`,
};

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** Asserts that a secret is gone, that the rest is not, and that nothing is left to do. */
function expectGone(text: string, secret: string, rules: Rules): void {
  const shown = hidePrivate(text, rules);
  expect(shown, text).not.toContain(secret);
  expect(hidePrivate(shown, rules), text).toBe(shown);
  if (isJson(text)) expect(isJson(shown), shown).toBe(true);
}

describe.each(Object.entries(ROLES))('a %s', (_, rules) => {
  test.each(Object.entries(NAMED))('hides what is named in %s, and keeps the name', (_place, place) => {
    for (const name of NAMES)
      for (const value of VALUES) {
        const text = place(name, value);
        expectGone(text, value, rules);
        expect(hidePrivate(text, rules)).toContain(name);
      }
  });
  test.each(Object.entries(PLACES))('hides tokens that show by their shape in %s', (_place, place) => {
    for (const token of Object.values(TOKENS)) expectGone(place(token), token, rules);
  });
});

describe.each(Object.entries(ROLES))('of a %s', (_, rules) => {
  test.each<[string, string, string]>([
    ['a header', 'Authorization: Bearer abcdefghij', 'Authorization: Bearer <redacted>'],
    ['a header whose value is no word of ours', 'authorization: abcdefghij', 'authorization: <redacted>'],
    ['a header of a proxy', 'Proxy-Authorization: Basic am86cHc=', 'Proxy-Authorization: Basic <redacted>'],
    ['a header in JSON', '{"Authorization": "Bearer abcdefghij"}', '{"Authorization": "Bearer <redacted>"}'],
    ['a header in a command', `curl -H "Authorization: token abc" h`, 'curl -H "Authorization: token <redacted>" h'],
    [
      'a header with several values',
      'Authorization: AWS4-HMAC-SHA256 Credential=A/b, Signature=c',
      'Authorization: AWS4-HMAC-SHA256 <redacted>',
    ],
    ['cookies', 'Cookie: a=b; session=c d', 'Cookie: <redacted>'],
    ['a word that announces a token', 'sent Bearer abc123def', 'sent Bearer <redacted>'],
    ['an option in a label', 'run --auth-token abc now', 'run --auth-token <redacted> now'],
    ['name and password of curl', 'curl -u jo:pw h', 'curl -u <redacted> h'],
    ['a login of a URL', 'https://jo:pw@example.com/x', 'https://<redacted>@example.com/x'],
    ['a login of a URL with a coded slash and @', 'https://jo:p%2Fw%40x@example.com/x', 'https://<redacted>@example.com/x'],
    ['a login of a coded URL', 'to=https%3A%2F%2Fjo%3Apw%40example.com%2Fx', 'to=https%3A%2F%2F<redacted>%40example.com%2Fx'],
    ['a coded login', 'user%3Apass@example.com', '<login>'],
    ['an address of mail', 'mail jo.doe@example.com now', 'mail <login> now'],
    ['a coded address of mail', '?to=jo.doe%40example.com', '?to=<login>'],
    [
      'a signature of a URL',
      'https://a.blob.core.windows.net/c?sv=2024&sig=a%2Bb%3D&n=1',
      'https://a.blob.core.windows.net/c?sv=2024&sig=<redacted>&n=1',
    ],
    [
      'a signed URL of Amazon',
      'https://b.s3.amazonaws.com/k?X-Amz-Credential=AK/1&X-Amz-Signature=ab12',
      'https://b.s3.amazonaws.com/k?X-Amz-Credential=<redacted>&X-Amz-Signature=<redacted>',
    ],
    ['a hook of Slack', 'https://hooks.slack.com/services/T00000000/B00000000/XXXX', 'https://hooks.slack.com/services/<redacted>'],
    ['a hook of Discord', 'https://discord.com/api/webhooks/12345/abc-def', 'https://discord.com/api/webhooks/<redacted>'],
    ['a password of several words', '[db]\npassword = correct horse battery\nport = 1', '[db]\npassword = <redacted>\nport = 1'],
    ['a private key', 'x -----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY----- y', 'x <redacted> y'],
    ['a private key in JSON', '{"k":"-----BEGIN PRIVATE KEY-----\\nMIIE\\n-----END PRIVATE KEY-----\\n"}', '{"k":"<redacted>\\n"}'],
    ['a private key that is cut off', '-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blbn', '<redacted>'],
    ['an element with data', '<password><![CDATA[a<b]]></password>', '<password><![CDATA[<redacted>]]></password>'],
    ['a list of passwords', '{"passwords": ["a", "b"], "n": 1}', '{"passwords": ["<redacted>", "<redacted>"], "n": 1}'],
    ['a number that is a password', '{"password": 123456}', '{"password": "<redacted>"}'],
    ['IPv4', 'from 10.1.2.3:8000 to 192.168.0.1.', 'from <address>:8000 to <address>.'],
    ['IPv4 in JSON', '{"host":"10.1.2.3","n":1}', '{"host":"<address>","n":1}'],
    ['IPv6', 'fe80::1c:2 [2001:db8::1]:80 2001:db8:0:0:0:0:0:1', '<address> [<address>]:80 <address>'],
    ['hardware addresses', '02:42:ac:11:00:02 02-42-AC-11-00-02', '<address> <address>'],
    ['a home', 'open /home/jo/x and C:\\Users\\jo\\tmp', 'open <home>/x and <home>\\tmp'],
    ['a serial of a GPU', 'GPU-c66f6107-f595-f87a-53ef-e73cadcee204', 'GPU-00000000-0000-0000-0000-1c3c27a21fa6'],
    ['a host of a cloud', 'on ip-10-0-0-7 and gpu-1.rack.internal', 'on <host> and <host>'],
  ])('%s goes', (_what, text, shown) => {
    expect(hidePrivate(text, rules)).toBe(shown);
    expect(hidePrivate(shown, rules)).toBe(shown);
  });
});

/** What reports are read for. */
const STAYS: readonly string[] = [
  // Kernels, functions and the calls of a framework.
  'void at::native::vectorized_elementwise_kernel<(int)4, at::native::CUDAFunctor_add<c10::BFloat16>, std::array<char *, (unsigned long)3>>(int, T2, T3)',
  'void cutlass::Kernel2<cutlass_80_tensorop_bf16_s16816gemm_relu_bf16_256x128_32x3_tn_align8>(T1::Params)',
  'sm90_xmma_gemm_bf16bf16_bf16f32_f32_tn_n_tilesize128x128x64_warpgroupsize1x1x1_execute_segment_k_off_kernel__5x_cublas',
  'void flash::flash_fwd_splitkv_kernel<Flash_fwd_kernel_traits<128, 64, 128, 4, false, false>, (bool)0>(Flash_fwd_params)',
  'ncclDevKernel_AllReduce_Sum_bf16_RING_LL(ncclDevKernelArgsStorage<(unsigned long)4096>)',
  'triton_poi_fused_add_mul_native_layer_norm_0d1d2d3de',
  '_ZN2at6native29vectorized_elementwise_kernelILi4ENS0_11FillFunctorIfEE',
  'std::_Sp_counted_base<(__gnu_cxx::_Lock_policy)2>::_M_release()',
  'c10::add',
  'c10::cuda::CUDACachingAllocator::malloc',
  'dead::beef::run()',
  'memcpy@@GLIBC_2.14',
  'printf@plt',
  'Optimizer.step#AdamW.step',
  'autograd::engine::evaluate_function: AddmmBackward0',
  'aten::add, op_id = 123',
  'cudaLaunchKernel_v7000',
  // Tokens that are counted, and keys of attention and of caches.
  'prefill req=7 tokens=512',
  'token_count=5',
  'max_tokens=512',
  '--max-tokens 512',
  'max_new_tokens: 128',
  'n_tokens=9 token=3',
  'decode token 5',
  'token=12 step=3',
  'next_token=42',
  'eos_token="</s>"',
  'tokenizer=auto',
  'TOKENIZERS_PARALLELISM=false',
  'tokens_per_second: 1234.5',
  'time_per_output_token=12.5ms',
  '"token_ids": 5',
  'num_key_value_heads=8',
  'key=3',
  'key: value',
  'kv_key=block',
  'cache_key=layer0',
  'primary_key=id',
  'sort --key 2',
  'past_key_values',
  'forward pass: layer 3',
  'pass=2',
  'backward pass=7',
  'compass=north',
  'author=me',
  'authored by x',
  'secretary',
  'Basic block 5',
  'basic operations',
  'bearer channel',
  'key_dtype=fp16',
  'signature: (int, float)',
  'auth=false',
  'password=<redacted>',
  'password=$PASSWORD',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is one of a shell.
  'api_key=${API_KEY}',
  '"api_key": null',
  'token=None',
  '{"name":"output_token","value":512}',
  '{"name":"time_to_first_token","value":"12.5"}',
  '{"time_to_second_token": {"unit": "ms", "avg": 56.4}}',
  '{"auth": {"n": 1}}',
  '{"/v1/completions": "v1/completions"}',
  '{"MESSAGE":"NVRM: Xid (PCI:0000:3b:00): 79"}',
  // Versions, hashes, ids, times and places of devices.
  'cublas 12.11.1.2',
  'cuBLAS 13.0.0.19',
  'version 12.11.1.2',
  '{"driver_version":"550.54.15.1"}',
  'nvidia-cublas-cu12==12.8.4.1',
  'libnpp.so.13.0.1.2',
  '/opt/cray/libfabric/1.15.2.0/lib64/libfabric.so.1.18.2',
  'nsys 2025.3.2.0',
  'torch 2.11.0',
  'build 10.13.2.6',
  'TensorRT 10.13.2.6',
  'v1.2.3.4',
  'commit 9f8e7d6c5b4a39281706f5e4d3c2b1a098765432',
  'sha256:9f8e7d6c5b4a39281706f5e4d3c2b1a0',
  'git+9f8e7d6',
  'id c66f6107-f595-f87a-53ef-e73cadcee204x',
  '2026-11-30T05:19:13.123Z',
  '05:19:13',
  '05:19:13:22',
  '2026/11/22 05:19:13.123',
  '26-11-30-05-19-13',
  '00000000:1B:00.0',
  '0000:c1:00.0',
  'stream 7:3',
  'icon@2x.png',
  'vllm@0.9.1',
  'image@sha256:abc',
  'step@3',
  'a:b:c',
  '1:2:3',
  'std::array<int, 4>',
  'x <= y',
  'a == b',
  'if (token == 5)',
  'lambda: 0',
  'https://example.com/a?b=c&page=2',
  'http://localhost:8000/v1/completions',
  's3://bucket/key',
  'sk-learn-feature-extraction',
  'pypi-server-of-ours-now',
  'hf_hub_download',
  'npm_config_cache',
  'eyJ',
  'GPU-0',
  'AKIA',
  '50% of 100%25',
];

test.each(['label', 'file'] as const)('what a report is read for stays as it is in a %s', role => {
  expect(STAYS.filter(text => hidePrivate(text, ROLES[role]) !== text).map(text => [text, hidePrivate(text, ROLES[role])])).toEqual([]);
});
test('a module is no host in a label', () => expect(hidePrivate('torch.ops.internal', LABEL)).toBe('torch.ops.internal'));
test('names of functions lose tokens alone', () => {
  expect(STAYS.filter(text => hidePrivate(text, NAME) !== text)).toEqual([]);
  const odd = 'f<password=hunter2, jo@example.com, 10.0.0.1>';
  expect(hidePrivate(odd, NAME)).toBe(odd);
  for (const token of Object.values(TOKENS)) expect(hidePrivate(`f<${token}>`, NAME)).toBe('f<<redacted>>');
});

describe('what was asked and answered', () => {
  const shown = (text: string) => hidePrivate(text, FILE);
  test('goes, and its length stays', () => {
    expect(shown('{"id":1,"prompt":"Tell me","prompt_tokens":2,"output":"No."}')).toBe(
      '{"id":1,"prompt":"<text of 7 characters>","prompt_tokens":2,"output":"<text of 3 characters>"}',
    );
    expect(shown('{"messages":[{"role":"user","content":"A\\n\\"b\\""}]}')).toBe(
      '{"messages":[{"role":"user","content":"<text of 5 characters>"}]}',
    );
    expect(shown('{"generated_texts":["ab","c"],"n":1}')).toBe(
      '{"generated_texts":["<text of 2 characters>","<text of 1 characters>"],"n":1}',
    );
  });
  test('goes as numbers of tokens too, and as many stay', () =>
    expect(shown('{"prompt_token_ids":[101, 7, 0],"itl":[1,2]}')).toBe('{"prompt_token_ids":[0, 0, 0],"itl":[1,2]}'));
  test('goes in a string of JSON and in attributes of spans', () => {
    expect(shown(JSON.stringify({ request: JSON.stringify({ prompt: 'Tell me' }) }))).toBe(
      '{"request":"{\\"prompt\\":\\"<text of 7 characters>\\"}"}',
    );
    expect(shown('{"key":"gen_ai.prompt.0.content","value":{"stringValue":"Tell me"}}')).toBe(
      '{"key":"gen_ai.prompt.0.content","value":{"stringValue":"<text of 7 characters>"}}',
    );
  });
  test('is not what a program says', () => {
    for (const text of [
      '{"prompt_tokens":5,"output_tokens":7}',
      '{"input":5,"text":null,"messages":[{"string":"x"}]}',
      'prompt: 512',
      'text=abc',
    ])
      expect(shown(text)).toBe(text);
  });
});

describe('the work', () => {
  const SHORT = 3_000;
  const TIMES = 10;
  /** Of a text ten times as long; more is a second loop over what was read. */
  const MOST_GROWTH = 12;
  const PIECES = [
    ...[
      'a',
      'A',
      '0',
      '.',
      '-',
      '_',
      '=',
      ':',
      '/',
      '@',
      '%',
      '\\',
      '"',
      "'",
      '<',
      '{',
      '[',
      ' ',
      '\0',
      '\n',
      '+',
      'é',
      '%25',
      '&amp;',
      '\\"',
      '\\\\"',
    ],
    ...[
      'a.',
      'a-',
      'a@',
      'a:',
      'a=',
      'a/',
      'ab@cd',
      'a://',
      '://a@',
      '://',
      'a.b@',
      'eyJ',
      'eyJ-',
      'eyJaaaaaaaa.',
      'sk-',
      'sk-a_',
      'SG.',
      'AKIA',
      '-----BEGIN ',
      '-----',
    ],
    ...[
      '-----BEGIN PRIVATE KEY-----',
      '-----BEGIN PRIVATE KEY-----\0',
      '<password',
      '<password>',
      '</password>',
      'password=',
      'password="',
      '"password":',
      '"password":[',
      '"prompt":[',
    ],
    ...[
      '--token ',
      '--token',
      'Bearer ',
      'Authorization: ',
      'Cookie: ',
      'Linux ',
      'C:\\',
      '/home/',
      '/home/a',
      'GPU-',
      '1.',
      '1.1.1.1',
      '0:',
      '::',
      'fe80:',
      'name: token ',
      'a.internal.',
    ],
    ...['hooks.slack.com/services/', 'x = y\n', '"a":"b",', '\\u0022', 'token = ', '%3A%2F%2F', '&lt;password&gt;'],
  ];
  const steps = (piece: string, length: number, rules: Rules) => findPrivate(piece.repeat(Math.ceil(length / piece.length)), rules).steps;
  test('grows as the text does, whatever it repeats', () => {
    const all: Rules = { ...FILE, serials: true, folders: true };
    const grown = PIECES.map(piece => [piece, steps(piece, SHORT * TIMES, all) / steps(piece, SHORT, all)] as const);
    expect(grown.filter(([, growth]) => growth > MOST_GROWTH)).toEqual([]);
  });
});
