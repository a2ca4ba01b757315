/** Values that no trace holds in such a place, as SQL: of other types, out of every range, and text that acts on whoever shows it. */
export const ODD_SQL = [
  ...['NULL', '0', '-1', '1', '1.5', '1e18', '1e308', '9e999', '-9e999', '2147483648', '4294967295', '9007199254740993'],
  ...['4611686018427387904', '9223372036854775807', '-9223372036854775808', "''", "'soon'", "'12'", "'1e5'", "'NaN'", "'__proto__'"],
  ...["x''", "x'00ff'", 'zeroblob(100000)', "char(27)||'[2J'", 'char(10)||char(13)||char(0)', "char(0x202e)||'txt'"],
  ...["'<script>alert(1)</script>'", "'=cmd|calc'", "printf('%.*c', 50000, 'a')", "CAST(x'ff80' AS TEXT)"],
] as const;

/** Shifts of times, ns: from one to more than a file can mean. */
export const SHIFTS_NS = [
  ...['1', '-1', '1000', '-1000000', '50000000', '-50000000', '1000000000', '-1000000000', '100000000000', '-100000000000'],
  ...['1795311000000000000', '4611686018427387904', '-4611686018427387904'],
] as const;

/** Pieces of text that no file holds in such a place. */
export const ODD_TEXT = [
  ...['', '"', '\\', '{', '}', '[', ']', ',', ';', ':', '\n', '\r', '\r\n', '\t', '\0', '-', '+', '.', '%', '0', '-1', '1.5', '00'],
  ...['1,5', '1e400', '-1e400', '9e999', '9'.repeat(40), '0x10', 'NaN', 'nan', 'Infinity', '-inf', 'null', 'true', '[N/A]', 'N/A'],
  ...['\ud800', '\ufeff', '\u2028', '\u202e', '\u001b[2J', '__proto__', 'constructor', 'toString', '=1+1', '<script>', '../../etc/passwd'],
  ...['-9223372036854775808', '9007199254740993', '1970-01-01T00:00:00Z', '9999-12-31 23:59:59', '2026-02-30', 'ms', 'kW', ' '],
] as const;

/** Values that no document holds in such a place, as JSON. */
export const ODD_JSON = [
  ...['null', 'true', '0', '-1', '1.5', '1e308', '1e400', '-0', '9007199254740993', '18446744073709551616', '""', '"x"', '"-1"', '"NaN"'],
  ...['"1e9"', '"\\u001b[2J"', '"\\u0000"', '"../../outside"', '"/etc/passwd"', '"__proto__"', '[]', '{}', '[null]', '[[[[[[]]]]]]'],
  ...['{"__proto__":1}', '{"a":1,"a":2}', `"${'a'.repeat(20_000)}"`, '[1,2,3]'],
] as const;
