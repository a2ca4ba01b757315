/** Arguments of templates, however deep; an arrow or a comparison inside them closes none. */
function withoutTemplates(name: string): string {
  let depth = 0;
  let out = '';
  for (const [i, c] of [...name].entries()) {
    if (c === '<' && !out.endsWith('operator')) depth += 1;
    else if (c === '>' && depth > 0) {
      if (name[i - 1] !== '-') depth -= 1;
    } else if (depth === 0) out += c;
  }
  return out;
}

/**
 * The short name of a kernel, as nsys writes it beside the demangled one: without its return type, namespaces, template arguments and
 * parameters. Kernels of one name and one shape of launch do the same work, whatever types they were made for.
 */
export function shortKernelName(demangled: string): string {
  const plain = withoutTemplates(demangled.replaceAll('(anonymous namespace)::', ''));
  const beforeParameters = plain.split('(')[0] ?? plain;
  const name = beforeParameters.trim().split(/\s+/).at(-1)?.split('::').at(-1) ?? '';
  return name === '' ? demangled : name;
}
