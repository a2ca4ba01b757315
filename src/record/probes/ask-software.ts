import { z } from 'zod';
import { run } from '#record/processes/run';
import type { FactRow } from '#schema/relation';
import type { Missing } from '#schema/snapshot';

/** Looking up packages takes a second; a python on a network disk some more. */
const PROBE_SECONDS = 20;

/**
 * Versions from the metadata of packages: nothing of them is imported, which would take seconds, start CUDA, and run their code.
 * CUDA's version stands in a file of PyTorch's, since wheels from PyPI do not name it.
 */
const PROBE = `
import importlib.metadata as m, importlib.util as u, json, os, platform, re
seen = {"python": platform.python_version()}
for dist in m.distributions():
    name = (dist.metadata["Name"] or "").lower().replace("_", "-")
    for key, pattern in (("torch", "torch"), ("vllm", "vllm"), ("sglang", "sglang"), ("triton", "triton"), ("nccl", r"nvidia-nccl-cu\\d+"), ("cuda_runtime", r"nvidia-cuda-runtime(-cu\\d+)?")):
        if re.fullmatch(pattern, name): seen.setdefault(key, dist.version)
    if re.fullmatch(r"nvidia-nccl-cu\\d+", name): seen.setdefault("nccl_cuda", name[14:])
    if name in ("torch", "vllm"):
        for need in dist.requires or []:
            pin = re.match(r"(torch|nvidia-nccl-cu\\d+) ?\\(?==([\\w.+!-]+)", need)
            if pin: seen.setdefault(name + "_needs_" + ("torch" if pin.group(1) == "torch" else "nccl"), pin.group(2))
spec = u.find_spec("torch")
for place in (spec.submodule_search_locations or []) if spec else []:
    path = os.path.join(place, "version.py")
    found = re.search(r"^cuda\\b[^=\\n]*=\\s*['\\"]([\\d.]+)['\\"]", open(path).read(), re.M) if os.path.exists(path) else None
    if found: seen["torch_cuda"] = found.group(1)
print(json.dumps(seen))
`;

const Seen = z.record(z.string(), z.string().regex(/^[\w.+!-]{1,60}$/));
const NAMED = ['torch', 'nccl', 'vllm'] as const;

/** What is installed, and what is not. */
export interface Software {
  readonly facts: readonly FactRow[];
  readonly missing: readonly Missing[];
}

const version = (name: string, value: string): FactRow => ({ entity: 'software', name, value, unit: '' });

function seenIn(stdout: string): Readonly<Record<string, string>> | undefined {
  try {
    return Seen.safeParse(JSON.parse(stdout)).data;
  } catch {
    return undefined;
  }
}

/** Versions of what the python on PATH would run. */
async function pythonPackages(env: NodeJS.ProcessEnv): Promise<Software> {
  const { code, stdout, late } = await run('python3', ['-c', PROBE], { seconds: PROBE_SECONDS, env });
  const seen = code === 0 ? seenIn(stdout) : undefined;
  if (seen === undefined) {
    const why = late
      ? 'python3 did not answer in time'
      : code === undefined
        ? 'python3 is not on PATH'
        : 'python3 could not list its packages';
    return { facts: [], missing: [{ what: 'versions of PyTorch, NCCL and vLLM', why }] };
  }
  const lacking = NAMED.filter(name => seen[name] === undefined);
  return {
    facts: Object.entries(seen).map(([name, value]) => version(name, value)),
    missing: lacking.map(name => ({ what: `version of ${name}`, why: 'the python3 on PATH has no such package' })),
  };
}

/** The toolkit whose compiler is on PATH. */
async function cudaToolkit(env: NodeJS.ProcessEnv): Promise<Software> {
  const { stdout } = await run('nvcc', ['--version'], { seconds: PROBE_SECONDS, env });
  const found = /release (\d+\.\d+)/.exec(stdout)?.[1];
  return found === undefined
    ? { facts: [], missing: [{ what: 'version of the CUDA toolkit', why: 'nvcc is not on PATH' }] }
    : { facts: [version('cuda_toolkit', found)], missing: [] };
}

/** Versions of the software that GPUs run, from what is installed; nothing is started but python3 and nvcc. */
export async function askSoftware(env: NodeJS.ProcessEnv): Promise<Software> {
  const [packages, toolkit] = await Promise.all([pythonPackages(env), cudaToolkit(env)]);
  return { facts: [...packages.facts, ...toolkit.facts], missing: [...packages.missing, ...toolkit.missing] };
}
