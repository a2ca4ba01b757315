import { describe, expect, test } from 'vitest';
import { flagText, knownName, optionsOf, parseFlags } from './options.ts';

/** Headings as 2022.4.2 prints them, with text of our own below. */
const OF_2022 = `
usage: nsys start [<args>]

\t(Deprecated) -b, --backtrace=

\t   WARNING: Use --sample instead.

\t-c, --capture-range=

\t   When '-c nvtx' is used with --trace=nvtx, the range opens the window.
\t    with --capture-range option.

\t--gpu-metrics-device=

\t   See '--gpu-metrics-device=help'.

\t-h, --help=[<tag>]

\t--nvtx-domain-[include|exclude]=

\t--export=<format>[,<format>...]

\t-o, --output=
`;
/** Headings as 2025.3 prints them. */
const OF_2025 = `
\t--cuda-graph-trace=<granularity>[:<launch origin>]

\t--dask=

            'functions-trace' implies '--python-functions-trace=/x.json',

\t(Experimental) --osrt-file-access=

\t--gpu-metrics-devices=

\t(Experimental) --ib-switch-metrics-device=<IB switch GUID>[,<IB switch GUID>...]

\t(Experimental) --syscall

\t   Possible values are 'none' or 'process-tree'.
`;

describe('options of a help text', () => {
  test('are its headings, with the short letter where there is one', () => {
    expect([...optionsOf(OF_2022)]).toEqual([
      ['capture-range', 'c'],
      ['gpu-metrics-device', undefined],
      ['help', 'h'],
      ['nvtx-domain-include', undefined],
      ['nvtx-domain-exclude', undefined],
      ['export', undefined],
      ['output', 'o'],
    ]);
  });
  test('are the experimental ones too, but not those that no longer do anything', () => {
    expect([...optionsOf(OF_2025).keys()]).toEqual([
      'cuda-graph-trace',
      'dask',
      'osrt-file-access',
      'gpu-metrics-devices',
      'ib-switch-metrics-device',
      'syscall',
    ]);
    expect(optionsOf(OF_2022).has('backtrace')).toBe(false);
  });
  test('are none where the subcommand does not exist', () => {
    expect(optionsOf('nsys: unknown command\n').size).toBe(0);
    expect(optionsOf('').size).toBe(0);
  });
});

test('an option goes by the first of its names that this nsys knows', () => {
  expect(knownName(optionsOf(OF_2022), 'gpu-metrics-devices', 'gpu-metrics-device')).toBe('gpu-metrics-device');
  expect(knownName(optionsOf(OF_2025), 'gpu-metrics-devices', 'gpu-metrics-device')).toBe('gpu-metrics-devices');
  expect(knownName(optionsOf(''), 'gpu-metrics-devices')).toBeUndefined();
});

describe("a user's flags for nsys", () => {
  const tables = [optionsOf('\t-t, --trace=\n\t--osrt-threshold=\n'), optionsOf('\t-s, --sample=\n\t-w, --show-output=\n\t--quiet\n')];
  const parse = (line: string) => {
    const { flags, strange } = parseFlags(line === '' ? [] : line.split(' '), tables);
    return [flags.map(flagText).join(' '), strange.join(' ')];
  };
  test.each([
    ['', '', ''],
    ['--trace=cuda,nvtx', '--trace=cuda,nvtx', ''],
    ['--trace cuda,nvtx', '--trace=cuda,nvtx', ''],
    ['-t cuda -s none', '--trace=cuda --sample=none', ''],
    ['-t=cuda', '--trace=cuda', ''],
    ['--quiet --trace=osrt', '--quiet --trace=osrt', ''],
    ['--osrt-threshold=', '--osrt-threshold=', ''],
    ['--trace=a=b', '--trace=a=b', ''],
    ['--frobnicate=1 --trace=osrt', '--trace=osrt', '--frobnicate=1'],
    ['-z 1', '', '-z 1'],
    ['python3 --trace=osrt', '--trace=osrt', 'python3'],
    ['--', '', '--'],
  ])('%s: %s', (line, flags, strange) => expect(parse(line)).toEqual([flags, strange]));
});
