import { run } from '#record/processes/run';
import type { Told } from './told.ts';

const SERVICE = 'nvidia-fabricmanager';
/** What `systemctl is-active` answers (man 1 systemctl); "inactive" also for a service that does not exist. */
const STATE = /^(?:active|reloading|inactive|failed|activating|deactivating|maintenance)$/;

/** Whether the fabric manager runs. A container has no service manager to ask. */
export async function askFabricManager(env: NodeJS.ProcessEnv): Promise<Told> {
  const what = 'fabric manager';
  const { stdout, late } = await run('systemctl', ['is-active', SERVICE], { seconds: 10, env });
  const state = stdout.trim();
  if (STATE.test(state)) return { what, text: state };
  return { what, why: late ? 'systemctl did not answer in time' : 'systemctl cannot be asked here, as in most containers' };
}
