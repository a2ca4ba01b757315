import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { assertBuilt } from './run-cli.ts';
import { THOROUGH } from './thorough.ts';

const ROOT = resolve(import.meta.dirname, '..');
const NATIVE = 'node_modules/better-sqlite3/build/Release/better_sqlite3.node';
const MINUTES = 600_000;
/** A package that is larger holds what nobody runs: build results, captures for tests. */
const LARGEST_BYTES = 6 * 2 ** 20;
const root = mkdtempSync(join(tmpdir(), 'forensics-package-'));
const prefix = join(root, 'prefix');
const outside = { ...process.env, NO_COLOR: '1', npm_config_update_notifier: 'false', npm_config_audit: 'false', npm_config_fund: 'false' };
const npm = (...args: readonly string[]) => spawnSync('npm', [...args], { cwd: ROOT, encoding: 'utf8', env: outside });
/** What npm says where neither the registry nor its cache has a package. */
const NO_REGISTRY = /ENOTFOUND|ENOTCACHED|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|network/;

let files: readonly string[] = [];
let tarball = '';
beforeAll(() => {
  if (!THOROUGH) return;
  assertBuilt();
  const packed = npm('pack', '--ignore-scripts', '--json', '--pack-destination', root);
  // npm 11 prints an array, later ones an object by name.
  const [first] = Object.values(JSON.parse(packed.stdout)) as { filename: string; files: { path: string }[] }[];
  tarball = join(root, first?.filename ?? '');
  files = (first?.files ?? []).map(f => f.path);
}, MINUTES);
afterAll(() => rmSync(root, { recursive: true, force: true }));

if (!THOROUGH) process.stderr.write('\n*** LEFT OUT without FORENSICS_ALL_RUNS=1: the package, installed from its tarball. ***\n\n');

describe.runIf(THOROUGH)('the package', () => {
  test('holds its licence, those of what it bundles, and what it runs', () => {
    expect(files).toEqual(
      expect.arrayContaining([
        'LICENSE',
        'README.md',
        'package.json',
        'dist/cli/main.js',
        'dist/THIRD-PARTY-NOTICES.txt',
        'docs/troubleshooting.md',
        'workloads/case.py',
        'workloads/phys.py',
      ]),
    );
    expect(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))).toMatchObject({ license: 'Apache-2.0' });
    expect(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))).not.toHaveProperty('private');
    expect(readFileSync(join(ROOT, 'LICENSE'), 'utf8')).toContain('Apache License');
  });
  test('holds no tests, no sources and one capture alone', () => {
    expect(files.filter(f => /^(src|test|tools|bench|reports)\//.test(f) || /\.test\./.test(f))).toEqual([]);
    expect(new Set(files.filter(f => f.startsWith('fixtures/')).map(f => f.split('/')[1]))).toEqual(new Set(['serving-incident']));
    expect(statSync(tarball).size).toBeLessThan(LARGEST_BYTES);
  });
  test('names the licence of every package that it holds a copy of', () => {
    const notices = readFileSync(join(ROOT, 'dist/THIRD-PARTY-NOTICES.txt'), 'utf8');
    for (const name of ['vega', 'zod', 'commander', 'hono']) expect(notices).toMatch(new RegExp(`^${name} \\d`, 'm'));
    expect(notices).not.toContain('undefined');
  });
});

test.runIf(THOROUGH)(
  'npm i -g of the tarball gives a command that analyzes the demo',
  context => {
    // The native module takes minutes to compile where its binary cannot be fetched: here the one is taken that was compiled for us.
    const installed = npm('install', '--global', '--prefix', prefix, '--ignore-scripts', '--prefer-offline', tarball);
    if (installed.status !== 0 && NO_REGISTRY.test(installed.stderr)) {
      process.stderr.write('*** SKIPPED without the npm registry: installing the package NOT checked. ***\n');
      context.skip();
    }
    expect(installed.stderr).toBe('');
    const home = join(prefix, 'lib/node_modules/forensics');
    const native = [join(home, NATIVE), join(prefix, 'lib', NATIVE)].find(path => existsSync(join(path, '../../../package.json')));
    cpSync(join(ROOT, NATIVE), native ?? '', { recursive: true });
    const out = join(root, 'demo');
    const run = spawnSync(join(prefix, 'bin/forensics'), ['demo', '--out', out], { cwd: root, encoding: 'utf8', env: outside });
    expect(run.stderr).not.toContain('error');
    expect(run.status).toBe(0);
    expect(run.stdout).toContain('p99');
    expect(existsSync(join(out, 'report.html'))).toBe(true);
    // The process that answers queries is a bundle of its own.
    const query = spawnSync(
      join(prefix, 'bin/forensics'),
      ['query', '--sql', 'SELECT count(*) AS n FROM kernel', join(home, 'fixtures/serving-incident/trace.sqlite.gz'), '--csv'],
      { cwd: root, encoding: 'utf8', env: outside },
    );
    expect(query.stdout).toMatch(/^n\r\n\d+\r\n$/);
  },
  MINUTES,
);
