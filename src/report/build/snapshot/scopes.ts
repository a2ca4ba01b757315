/** What facts that come together are called. */
export const SCOPES: Readonly<Record<string, string>> = {
  links: 'States of NVLinks',
  'link-counters': 'Errors that NVLinks counted',
  topology: 'The topology',
  gpus: 'The state of the GPUs',
  host: 'The host',
  container: 'Limits of the container',
  environment: 'Variables of the environment',
  software: 'Versions of software',
  git: 'The git commit',
  NCCL: 'What NCCL chose',
  vLLM: 'What vLLM said of itself',
  'fabric manager': 'The fabric manager',
  confidential_compute: 'Confidential compute',
};
