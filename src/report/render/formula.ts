/**
 * What a spreadsheet takes for a formula: a text that begins so gets an apostrophe before it, since names come out of traces and must not
 * run. Numbers are no text.
 */
export const FORMULA = /^[=+\-@\t\r]/;
