import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { compiled } from './compiled.ts';
import { between, table } from './marked.ts';

const FILE = 'docs/machine.md';
const Rules = z.object({
  rules: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      severity: z.string(),
      reason: z.string(),
      source: z.string(),
      fix: z.string(),
      needs: z.string(),
      bears_on: z.array(z.string()),
    }),
  ),
  XIDS: z.record(z.string(), z.object({ severity: z.string(), meaning: z.string(), fix: z.string() })),
});

/** docs/machine.md with its tables of rules and of Xid errors: file to text. */
export async function ruleTable(root: URL): Promise<ReadonlyMap<string, string>> {
  const contents = [
    "export { rules } from './src/machine/rules/index.gen.ts';",
    "export { XIDS } from './src/machine/rules/xid/catalogue.ts';",
  ];
  const { rules, XIDS } = Rules.parse(await compiled(root, contents.join('\n'), 'rules.js'));
  const ruleRows = rules.map(r => [
    `\`${r.id}\``,
    `${r.title}. ${r.reason}`,
    r.severity,
    r.source,
    r.fix,
    r.needs,
    r.bears_on.map(cause => `\`${cause}\``).join(', '),
  ]);
  const xidRows = Object.entries(XIDS).map(([xid, { severity, meaning, fix }]) => [xid, meaning, severity, fix]);
  const text = between(
    FILE,
    readFileSync(new URL(FILE, root), 'utf8'),
    'rules',
    table(['rule', 'what, and why it matters', 'severity', 'source', 'fix', 'needs', 'bears on'], ruleRows),
  );
  return new Map([[FILE, between(FILE, text, 'xids', table(['Xid', 'what it means', 'severity', 'what to do'], xidRows))]]);
}
