import { readFileSync } from 'node:fs';
import { ForensicsError } from '#core/errors';
import { PACKAGE_ROOT } from '#core/package-root';

// Both src/report and dist/report lie two levels below the package root.
const BUNDLE = new URL('dist/report/browser.js', PACKAGE_ROOT);

/** The page's one script: Vega and our code, built by `npm run build:report`. */
export function browserBundle(): string {
  let script: string;
  try {
    script = readFileSync(BUNDLE, 'utf8');
  } catch {
    throw new ForensicsError(
      'unsupported',
      'the script of the HTML report has not been built',
      'Run `npm run build:report` once in the package folder',
    );
  }
  // Inside <script>, these end the element or change how it is read.
  if (/<\/script|<!--/i.test(script)) throw new Error('the bundled script cannot be put inside a script element');
  return script;
}
