import { hidePrivate, SECRETS } from './find.ts';

/** Variables that change how a GPU program runs. */
const ALLOWED = /^(?:NCCL|CUDA|NVSHMEM|NVIDIA|UCX|OMP|TORCH|PYTORCH|VLLM)_/;
/** Names whose values may be secrets, or say which machine, address or person this is. */
const PRIVATE = /KEY|TOKEN|SECRET|PASS|AUTH|CRED|HOST|ADDR|(?:^|_)IP(?:_|$)|COMM_ID|URL|URI|PROXY|USER/;

/** Whether a variable of an environment may be written down. */
export const isRecordable = (name: string): boolean => ALLOWED.test(name) && !PRIVATE.test(name.toUpperCase());

/** Longer messages are cut: their beginning says what is wrong. */
const LONGEST = 200;

/** `node-7.lab.example.org`: two dots and more, with a letter first in its last part, as no version has. */
const FULL_NAME = /\b[\w-]+(?:\.[\w-]+)+\.[a-z][a-z-]+\b/gi;

/** A message of a log without secrets, addresses, homes and names of hosts. @param host a name that the log gives to its host */
export function publicMessage(text: string, host?: string): string {
  const known = hidePrivate(text, { ...SECRETS, identities: 'all', serials: true, folders: true }).replaceAll(FULL_NAME, '<host>');
  return (host === undefined ? known : known.replaceAll(host, '<host>')).trim().slice(0, LONGEST);
}
