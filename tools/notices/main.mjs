// Writes dist/THIRD-PARTY-NOTICES.txt: the licence of each package that the bundles hold a copy of. The builds say which those are.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const ROOT = new URL('../../', import.meta.url);
const [out, ...builds] = process.argv.slice(2);
const inputs = builds.flatMap(build => Object.keys(JSON.parse(readFileSync(new URL(build, ROOT), 'utf8')).inputs));
// A file of a package lies below the last node_modules of its path.
const folders = inputs.flatMap(path => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []);

const sections = [...new Set(folders)].sort().map(folder => {
  const at = new URL(`${folder}/`, ROOT);
  const { name, version, license, author } = JSON.parse(readFileSync(new URL('package.json', at), 'utf8'));
  const texts = readdirSync(at)
    .filter(file => /^(licen[cs]e|copying|notice)/i.test(file))
    .sort()
    .map(file => readFileSync(new URL(file, at), 'utf8').trim());
  const holder = typeof author === 'object' ? author?.name : author;
  return [
    `${name} ${version}`,
    `Licence: ${license ?? 'its text follows'}`,
    ...(texts.length > 0 ? texts : [`By: ${holder ?? 'the authors of the package'}`]),
  ].join('\n\n');
});
const head = 'forensics holds copies of the packages below. Each is under the licence that stands with it.';
writeFileSync(new URL(out, ROOT), `${[head, ...sections].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`);
