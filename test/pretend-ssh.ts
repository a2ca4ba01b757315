import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Passes over its options, and runs what the other side's shell would run, here. A host "away" is not reached. */
const SSH = `#!/bin/bash
here=$(dirname "$0")
echo "$*" >> "$here/ssh-asked"
while [[ $1 == -* ]]; do
  case $1 in
    --) shift; break ;;
    -o) shift 2 ;;
    *) shift ;;
  esac
done
if [[ $1 == away ]]; then echo 'ssh: connect to host away port 22: Connection timed out' >&2; exit 255; fi
# The real one takes its pipes with it; here the command has to be what is ended.
exec /bin/sh -c "exec env $2"
`;

const DOCKER = `#!/bin/bash
here=$(dirname "$0")
case "$1" in
  ps) [[ -e $here/server.log ]] || exit 1; echo '0123456789ab vllm/vllm-openai:v0.11.0 server'; echo 'ba9876543210 postgres:16 store' ;;
  inspect) [[ $* == *0123456789ab ]] || exit 1; printf 'PATH=/usr/bin\\nHF_TOKEN=hf_secret\\n%s\\n' "$PRETEND_ENV" ;;
  logs) [[ $* == *0123456789ab ]] || exit 1; cat "$here/server.log" >&2 ;;
esac
`;

/** Writes a program that acts like ssh beside others in a folder of pretended ones. */
export function pretendSsh(folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'ssh'), SSH, { mode: 0o755 });
}

/** Writes a program that acts like docker with one container that serves a model. @param log what that says */
export function pretendDocker(folder: string, log?: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'docker'), DOCKER, { mode: 0o755 });
  if (log !== undefined) writeFileSync(join(folder, 'server.log'), log);
}
