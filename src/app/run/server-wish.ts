import type { Plan } from '#schema/plan';
import type { ServerWish } from './server.ts';
import { secondsOf } from './times.ts';

/** The variables that the server of a plan sees. */
export const serverEnv = ({ server }: Plan, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({ ...env, ...server?.env });

/** Where a server says that it can be asked: what the plan names, else /health beside the first endpoint. */
export function readyUrl({ server, load }: Plan): string | undefined {
  const [first] = load?.urls ?? [];
  return server?.ready ?? (first === undefined ? undefined : new URL('/health', first).href);
}

/** How the server of a plan is started; undefined where the plan starts none. */
export function serverWish(
  plan: Plan,
  around: { readonly env: NodeJS.ProcessEnv; readonly cwd: string; readonly sessionTag: string; readonly log: string },
): ServerWish | undefined {
  const { server } = plan;
  const ready = readyUrl(plan);
  if (server === undefined || ready === undefined) return undefined;
  return {
    ...{ ...around, env: serverEnv(plan, around.env), command: server.command, ready },
    ...{ readyWithin: secondsOf(server.ready_within), stopWithin: secondsOf(server.stop_within) },
  };
}
