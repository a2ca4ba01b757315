import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { BrokenInput } from './broken-input.ts';

/** On what a version is proved: a file of the tool, a file in its layout, or the names of its documents or source alone. */
const PROOF = { real: 'a real file', layout: 'its layout', names: 'its names' } as const;

/** layouts.json of a format: what is known of its versions, and which figures of its sample are neither read nor named in the limits. */
export const Layouts = z.strictObject({
  versions: z.array(z.strictObject({ version: z.string().min(1), proof: z.enum(['real', 'layout', 'names']) })).min(1),
  not_read: z.array(z.string()),
});
type Layouts = z.infer<typeof Layouts>;

const FORMATS = 'src/input/formats/';
const BEGIN = '<!-- versions: generated from src/input/formats/*/layouts.json by `npm run gen` -->';
const END = '<!-- /versions -->';

const readLayouts = (root: URL, format: string): Layouts => {
  const file = `${FORMATS}${format}/layouts.json`;
  const url = new URL(file, root);
  if (!existsSync(url)) throw new BrokenInput(file, 'it is missing: each importer says on which versions it is proved');
  const read = Layouts.safeParse(JSON.parse(readFileSync(url, 'utf8')));
  if (read.success) return read.data;
  throw new BrokenInput(file, z.prettifyError(read.error));
};

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
const row = (format: string, { versions, not_read }: Layouts): string => {
  const told = versions.map(({ version, proof }) => `${version} (${PROOF[proof]})`).join('; ');
  const left = not_read.filter(name => name !== '').map(name => `\`${cell(name)}\``);
  return `| \`${format}\` | ${cell(told)} | ${left.length === 0 ? '–' : left.join(', ')} |\n`;
};

/** Text of docs/formats.md with its table of versions made anew from the folders of the formats. */
export function formatsPage(root: URL): string {
  const text = readFileSync(new URL('docs/formats.md', root), 'utf8');
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from) throw new BrokenInput('docs/formats.md', `it lacks ${BEGIN} or ${END}`);
  const formats = readdirSync(new URL(FORMATS, root)).filter(name => existsSync(new URL(`${FORMATS}${name}/importer.ts`, root)));
  const rows = formats.toSorted().map(format => row(format, readLayouts(root, format)));
  const table = `| importer | versions, and on what each is proved | in its sample, and neither read nor named in a report's limits |\n|---|---|---|\n${rows.join('')}`;
  return `${text.slice(0, from + BEGIN.length)}\n${table}${text.slice(to)}`;
}
