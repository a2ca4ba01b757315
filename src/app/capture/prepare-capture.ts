import { version } from '#app/version';
import { ForensicsError } from '#core/errors';
import { temporaryRoot } from '#core/temporary/folder';
import { caseFolder } from '#record/capture/folder';
import { lookAtHost, metricsObjection, type Objection, preflight } from '#record/capture/preflight';
import { installedNsys, type Nsys } from '#record/nsys/installed';
import type { Secrets } from '#record/redaction/secrets';
import { ownSecrets } from './conclude.ts';
import { type CaptureOptions, captureRequest, type Request } from './request.ts';

/** All that is known before anything is begun. */
export interface Prepared {
  readonly nsys: Nsys;
  readonly request: Request;
  readonly secrets: Secrets;
  /** What stands in the way of a good trace, and does not stop the capture. */
  readonly objections: readonly Objection[];
}

/**
 * Looks at nsys and the host, and makes a plan of what was asked.
 * @throws ForensicsError bad-argument, unsupported when the trace would be useless
 */
export async function prepareCapture(
  command: readonly string[],
  options: CaptureOptions & { readonly out: string },
  env: NodeJS.ProcessEnv,
): Promise<Prepared> {
  const nsys = await installedNsys(options.nsysPath, env);
  const host = await lookAtHost(env);
  const secrets = ownSecrets(command, options.keepEnv, env);
  const gpuMetrics = options.gpuMetrics !== 'off' && metricsObjection(host, nsys) === undefined;
  const request = captureRequest(command, options, { nsys, version: version(), gpuMetrics, hasCuda: host.gpus > 0, secrets });
  const objections = preflight(
    {
      command,
      env,
      gpuMetrics: options.gpuMetrics,
      seconds: options.duration,
      windows: request.plan.windows,
      disks: [caseFolder(options.out).private, temporaryRoot()],
    },
    host,
    nsys,
  );
  const refusal = objections.find(o => o.severity === 'refuse');
  if (refusal !== undefined && options.checks)
    throw new ForensicsError('unsupported', refusal.what, `${refusal.fix} (--no-checks goes ahead all the same)`);
  return { nsys, request, secrets, objections };
}
