import { catalogue } from './catalogue.ts';
import { causeIndex } from './cause-index.ts';
import { evidenceIndex } from './evidence-index.ts';
import { queriesOf } from './queries.ts';
import { readCauses } from './read-causes.ts';
import { registry } from './registry.ts';

/** What is generated from the folders of units alone (queries, causes, importers, checks): file to text. */
export function units(root: URL): Map<string, string> {
  const prelude = queriesOf(root, 'prelude');
  const evidence = queriesOf(root, 'evidence');
  return new Map([
    ['src/trace/queries/index.gen.ts', evidenceIndex(prelude, evidence)],
    ['src/schema/causes.gen.ts', causeIndex(readCauses(root, new Set(evidence.map(q => q.name))))],
    ['src/diagnosis/causes/index.gen.ts', registry(root, 'diagnosis/causes', 'detector.ts', 'detectors')],
    ['src/input/formats/index.gen.ts', registry(root, 'input/formats', 'importer.ts', 'importers')],
    ['src/machine/rules/index.gen.ts', registry(root, 'machine/rules', 'rule.ts', 'rules')],
    ['src/decide/storage/hypotheses/index.gen.ts', registry(root, 'decide/storage/hypotheses', 'hypothesis.ts', 'hypotheses')],
    ['src/audit/checks/index.gen.ts', registry(root, 'audit/checks', 'check.ts', 'checks')],
    ['queries/README.md', catalogue(prelude, evidence)],
  ]);
}
