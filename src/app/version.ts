import { readFileSync } from 'node:fs';
import { PACKAGE_ROOT } from '#core/package-root';

/** Version of this package. */
export const version = (): string =>
  String((JSON.parse(readFileSync(new URL('package.json', PACKAGE_ROOT), 'utf8')) as { version: unknown }).version);
