/**
 * The folder that holds package.json, queries/, fixtures/ and dist/.
 * Computed here, and nowhere deeper: the bundles of the command line lie two levels below it, as this folder does.
 */
export const PACKAGE_ROOT = new URL('../../', import.meta.url);
