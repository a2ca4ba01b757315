import { createHash } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import { readConfig } from '#app/inputs/config-file';
import { textOf } from '#app/inputs/text-file';
import { assertExists } from '#app/inputs/traces';
import { type ListedAdapter, readAdapterList } from '#app/load-test/adapter-list';
import { ForensicsError } from '#core/errors';
import { statsOf } from '#core/stats-of';
import { makePlan } from '#record/storage/plan/make-plan';
import { StorageConfig } from '#schema/storage-config';
import type { StoragePlan } from '#schema/storage-plan';
import { assertSound } from './sound-config.ts';

/** A config takes a few kB, and so does a prompt. */
const LARGEST = 16 * 2 ** 20;
const WHAT = 'config of a storage experiment';
const HINT = 'See docs/storage.md for one, and schemas/forensics.storage-config-1.schema.json for what it may hold.';

/** An experiment as it is to be run: the config, and what the files say that it names. */
export interface Experiment {
  readonly config: StorageConfig;
  /** Of the config: its commands run here, and its paths begin here. */
  readonly folder: string;
  readonly plan: StoragePlan;
  readonly planSha256: string;
  /** Adapters by the name of their list; files of weights are absolute. */
  readonly adapters: ReadonlyMap<string, readonly ListedAdapter[]>;
  /** Texts by the name of their prompt set. */
  readonly texts: ReadonlyMap<string, string>;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const badConfig = (file: string, what: string) =>
  new ForensicsError('bad-record', `${file} is no config of a storage experiment${what}`, HINT);

function smallText(file: string): string {
  assertExists(file);
  const stats = statsOf(file);
  if (stats?.isFile() !== true || stats.size > LARGEST)
    throw new ForensicsError('bad-record', `${file} is a folder, or has more than 16 MiB`, 'Name a small text.');
  return [...textOf(file)].join('').replace(/^\ufeff/, '');
}

/** An object with its keys in order, so that the same config has the same hash however it was written. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, canonical(inner)]),
  );
}

/**
 * Reads a config and all that it names, and makes its plan. Nothing is started and nothing written.
 * @throws ForensicsError not-found, bad-record
 */
export function readExperiment(file: string): Experiment {
  const config = readConfig(file, StorageConfig, { what: WHAT, hint: HINT });
  const folder = dirname(resolve(file));
  const adapters = new Map(Object.entries(config.adapters).map(([name, list]) => [name, readAdapterList(resolve(folder, list.file))]));
  const texts = new Map(
    Object.entries(config.prompts).flatMap(([name, set]) =>
      set.file === undefined ? [] : [[name, smallText(resolve(folder, set.file))] as const],
    ),
  );
  assertSound(config, adapters, what => badConfig(file, `: ${what}`));
  const named = {
    config,
    adapters: [...adapters].map(([name, list]) => [name, list.map(({ name: adapter }) => adapter)]),
    texts: [...texts],
  };
  const sizes = new Map([...adapters].map(([name, list]) => [name, list.length]));
  const plan = makePlan(config, { sizes, configSha256: sha256(JSON.stringify(canonical(named))) });
  return { config, folder, plan, planSha256: sha256(JSON.stringify(plan)), adapters, texts };
}
