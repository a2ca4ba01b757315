import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { emptyFolder, writeFiles } from '#app/files/write-files';
import { ForensicsError } from '#core/errors';
import { statsOf } from '#core/stats-of';
import type { StorageStep } from '#schema/storage-plan';
import { StorageStepResult } from '#schema/storage-step';
import type { Experiment } from './read-config.ts';

const PLAN = 'plan.json';
const FOLDERS = ['steps', 'servers'] as const;

/** The folder of an experiment. Of one that is resumed nothing is run, and of what lies in it only whole steps of the same plan are believed. */
export class StorageFolder {
  readonly path: string;
  readonly isResumed: boolean;
  readonly #planSha256: string;

  private constructor(path: string, isResumed: boolean, planSha256: string) {
    this.path = path;
    this.isResumed = isResumed;
    this.#planSha256 = planSha256;
  }

  /** Makes the folder, or takes one up that the same plan made. @throws ForensicsError bad-argument, not-writable */
  static open(out: string, { plan, planSha256 }: Experiment): StorageFolder {
    const path = resolve(out);
    const text = `${JSON.stringify(plan, null, 1)}\n`;
    if (existsSync(join(path, PLAN))) {
      if (readFileSync(join(path, PLAN), 'utf8') !== text)
        throw new ForensicsError(
          'bad-argument',
          `${path} holds an experiment of another plan: the config, its seed, a list of adapters or a prompt has changed`,
          'Run that config again to resume it, or name a new folder with --out.',
        );
      for (const name of FOLDERS) assertPlainFolder(join(path, name));
      return new StorageFolder(path, true, planSha256);
    }
    // One that was killed before it had a plan left parts of files, and nothing else.
    const isBarely = statsOf(path)?.isDirectory() === true && readdirSync(path).every(name => name.endsWith('.part'));
    if (!isBarely) emptyFolder(path);
    writeFiles(path, { [PLAN]: text });
    for (const name of FOLDERS) assertPlainFolder(join(path, name));
    return new StorageFolder(path, false, planSha256);
  }

  get servers(): string {
    return join(this.path, 'servers');
  }
  #step(name: string): string {
    return join(this.path, 'steps', name);
  }
  partOf(step: StorageStep): string {
    return this.#step(`${step.id}.part`);
  }

  /** What became of a step; undefined where it is still to be run. */
  resultOf(step: StorageStep): StorageStepResult | undefined {
    const result = readResult(this.#step(step.id));
    return result?.plan_sha256 === this.#planSha256 && result.step.id === step.id ? result : undefined;
  }

  /** Earlier attempts: how many there were, and how many of them failed; the others were cut off. */
  attemptsOf(step: StorageStep): { readonly all: number; readonly failed: number } {
    const names = readdirSync(join(this.path, 'steps')).filter(name => name.startsWith(`${step.id}.attempt-`));
    return { all: names.length, failed: names.filter(name => readResult(this.#step(name))?.status === 'failed').length };
  }

  /** Puts aside what an attempt left, under the number of the attempt. @returns its name; undefined where there is nothing */
  putAside(step: StorageStep, from: string = this.partOf(step)): string | undefined {
    if (!existsSync(from)) return undefined;
    let n = 1;
    while (existsSync(this.#step(`${step.id}.attempt-${n}`))) n++;
    renameSync(from, this.#step(`${step.id}.attempt-${n}`));
    return `${step.id}.attempt-${n}`;
  }

  /** What is not whole, or of another plan, makes room; nothing is removed. */
  makeRoom(step: StorageStep): string[] {
    const wrong =
      existsSync(this.#step(step.id)) && this.resultOf(step) === undefined ? this.putAside(step, this.#step(step.id)) : undefined;
    const cut = this.putAside(step);
    return [wrong, cut].filter(name => name !== undefined);
  }

  /** The step is done: its part becomes its folder. */
  keep(step: StorageStep): void {
    renameSync(this.partOf(step), this.#step(step.id));
  }
}

function readResult(folder: string): StorageStepResult | undefined {
  try {
    return StorageStepResult.parse(JSON.parse(readFileSync(join(folder, 'step.json'), 'utf8')));
  } catch {
    return undefined;
  }
}

/** Makes a folder, unless it is there. A link in its place leads to who knows where. @throws ForensicsError bad-argument, not-writable */
function assertPlainFolder(path: string): void {
  if (!existsSync(path)) mkdirSync(path);
  if (!lstatSync(path).isDirectory())
    throw new ForensicsError('bad-argument', `${path} is no folder but a link or a file`, 'Name another folder with --out.');
}
