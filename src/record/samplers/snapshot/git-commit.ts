import { run } from '#record/processes/run';
import type { System } from '#schema/system';

/** The commit of a working tree, and whether tracked files were changed since; nothing is locked or written. */
export async function gitCommit(cwd: string, env: NodeJS.ProcessEnv): Promise<System['git']> {
  const git = (...args: string[]) => run('git', args, { seconds: 10, cwd, env: { ...env, GIT_OPTIONAL_LOCKS: '0' } });
  const head = await git('rev-parse', 'HEAD');
  const commit = head.stdout.trim();
  if (head.code !== 0 || !/^[\da-f]{40,64}$/.test(commit)) return null;
  const status = await git('status', '--porcelain', '--untracked-files=no');
  return { commit, dirty: status.code === 0 ? status.stdout.trim() !== '' : null };
}
