/** One import, in any of its forms. `specifier` is undefined where it is computed, so that no wall can judge it. */
export interface Import {
  readonly specifier: string | undefined;
  readonly typeOnly: boolean;
}

const TOKEN = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\/.*|\/\*[\s\S]*?\*\//g;

/** Source without its comments; text that only looks like one inside a string stays. */
export const withoutComments = (source: string) => source.replace(TOKEN, t => (t.startsWith('/') ? '' : t));

const STATIC = /(?:^|[;}\n])[ \t]*(?:import|export)\s+(type\s+(?!from\b))?(?:[\w$*{][^'"`;=()]*?from\s*)?['"]([^'"\n]+)['"]/g;
const DYNAMIC = /\bimport\s*\(\s*(?:(['"`])([^'"`$\n]+)\1\s*[,)])?/g;

/** Everything a source file reaches for: static imports over any number of lines, re-exports, `import()` and types named by it. */
export function importsOf(source: string): Import[] {
  const code = withoutComments(source);
  return [
    ...[...code.matchAll(STATIC)].map(m => ({ specifier: m[2], typeOnly: m[1] !== undefined })),
    ...[...code.matchAll(DYNAMIC)].map(m => ({ specifier: m[2], typeOnly: false })),
  ];
}
