import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { ForensicsError } from '#core/errors';
import { run } from '#record/processes/run';
import { type OptionTable, optionsOf } from './options.ts';

/** The subcommands that a capture may use. */
export const SUBCOMMANDS = ['profile', 'launch', 'start', 'stop', 'shutdown', 'export'] as const;
export type Subcommand = (typeof SUBCOMMANDS)[number];

/** The nsys of this machine, and what it can do: read from its own help, since options come and go with versions. */
export interface Nsys {
  readonly path: string;
  /** Such as '2025.3.1'. */
  readonly version: string;
  /** The options of each subcommand; empty where the subcommand does not exist. */
  readonly options: Readonly<Record<Subcommand, OptionTable>>;
  /** The program that turns a .qdstrm into a recording, where there is one. */
  readonly importer: string | undefined;
}

/** Where installers put nsys when they do not put it on the PATH. */
const USUAL_ROOTS = ['/opt/nvidia/nsight-systems', '/opt/nvidia/nsight-systems-cli', '/usr/local/cuda/nsight-systems'];
/** Debian keeps the importer away from the rest, and its nsys does not find it there. */
const DEBIAN_HOST = '/usr/lib/nsight-systems/host-linux-x64';
/** A question that takes longer than this will not be answered. */
const QUESTION_SECONDS = 20;

function onPath(program: string, path: string | undefined): string | undefined {
  return (path ?? '')
    .split(delimiter)
    .filter(folder => folder !== '')
    .map(folder => join(folder, program))
    .find(existsSync);
}

/** The newest nsys in the usual places, by the name of its version's folder. */
function inUsualPlaces(): string | undefined {
  return USUAL_ROOTS.flatMap(root => {
    if (!existsSync(root)) return [];
    const versions = readdirSync(root).sort((a, b) => b.localeCompare(a, 'en', { numeric: true }));
    return ['.', ...versions].flatMap(v => ['bin/nsys', 'target-linux-x64/nsys'].map(tail => join(root, v, tail)));
  }).find(existsSync);
}

function findImporter(nsys: string): string | undefined {
  const home = dirname(realpathSync(nsys));
  const near = [join(home, '..'), join(home, '..', '..')].flatMap(folder =>
    existsSync(folder)
      ? readdirSync(folder)
          .filter(name => name.startsWith('host-linux'))
          .map(name => join(folder, name))
      : [],
  );
  return [...near, DEBIAN_HOST].map(folder => join(folder, 'QdstrmImporter')).find(existsSync);
}

/**
 * Finds nsys and asks which it is.
 * @param named the path that the user gave, if any
 * @throws ForensicsError unsupported when there is none, or it does not answer
 */
export async function nsysVersion(named: string | undefined, env: NodeJS.ProcessEnv): Promise<Pick<Nsys, 'path' | 'version'>> {
  const path = named ?? onPath('nsys', env['PATH']) ?? inUsualPlaces();
  if (path === undefined || !existsSync(path))
    throw new ForensicsError(
      'unsupported',
      path === undefined ? 'nsys (NVIDIA Nsight Systems) is not installed here' : `${path} does not exist`,
      'Install the nsight-systems package of NVIDIA or Debian, or name the program with --nsys-path.',
    );
  const said = await run(path, ['--version'], { seconds: QUESTION_SECONDS, env });
  const version = /(\d{4}\.\d+(?:\.\d+)?)/.exec(said.stdout)?.[1];
  if (version === undefined)
    throw new ForensicsError(
      'unsupported',
      `${path} --version ${said.late ? 'does not answer' : `answers nothing that names a version (exit code ${said.code ?? 'none'})`}`,
      'Check that it runs by hand; another one can be named with --nsys-path.',
    );
  return { path, version };
}

/**
 * Finds nsys and asks it what it can do.
 * @param named the path that the user gave, if any
 * @throws ForensicsError unsupported when there is none, or it does not answer
 */
export async function installedNsys(named: string | undefined, env: NodeJS.ProcessEnv): Promise<Nsys> {
  const { path, version } = await nsysVersion(named, env);
  const ask = (...args: string[]) => run(path, args, { seconds: QUESTION_SECONDS, env });
  const tables = await Promise.all(SUBCOMMANDS.map(async c => [c, optionsOf((await ask(c, '--help')).stdout)] as const));
  return { path, version, options: Object.fromEntries(tables) as Record<Subcommand, OptionTable>, importer: findImporter(path) };
}
