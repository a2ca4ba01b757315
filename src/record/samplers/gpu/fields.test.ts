import { describe, expect, test } from 'vitest';
import { afterRefusal, chooseFields, fieldsIn } from './fields.ts';

const HELP = `List of valid properties to query for the switch "--query-gpu":

"timestamp"
The timestamp of when the query was made in format "YYYY/MM/DD HH:MM:SS.msec".

Section about clocks_event_reasons properties
Retrieves information about factors. If all event reasons are returned as "Not Active" it means that clocks are high.

"clocks_event_reasons.active" or "clocks_throttle_reasons.active"
Bitmask of active clock event reasons.
`;
const refuse = (field: string) => `Field "${field}" is not a valid field to query.\n\n`;

describe('the fields of a driver', () => {
  test('are the quoted names that stand alone, with their aliases', () => {
    expect([...fieldsIn(HELP)]).toEqual(['timestamp', 'clocks_event_reasons.active', 'clocks_throttle_reasons.active']);
  });
  test('are unknown when there is no such list', () => expect(fieldsIn('Option --help-query-gpu is not recognized.').size).toBe(0));
});

describe('the choice of fields', () => {
  test('takes the new names where they are known', () => {
    expect(chooseFields(fieldsIn(HELP)).fields).toEqual(['timestamp', 'clocks_event_reasons.active']);
  });
  test('takes the old names on an old driver, and says what it lacks', () => {
    const old = new Set(['timestamp', 'index', 'name', 'power.draw', 'power.limit', 'clocks.sm', 'clocks_throttle_reasons.active']);
    const { fields, lacking } = chooseFields(old);
    expect(fields).toEqual(['timestamp', 'index', 'name', 'power.draw', 'power.limit', 'clocks.sm', 'clocks_throttle_reasons.active']);
    expect(lacking).toContain('power.draw.instant');
    expect(lacking).not.toContain('enforced.power.limit');
  });
  test('asks for no power.draw beside the instant one', () => {
    expect(chooseFields(new Set(['power.draw.instant', 'power.draw'])).fields).toEqual(['power.draw.instant']);
    expect(chooseFields(new Set(['power.draw.instant'])).lacking).not.toContain('power.draw');
  });
  test('tries all where the driver lists none', () => {
    const { fields, lacking } = chooseFields(new Set());
    expect(fields.slice(0, 2)).toEqual(['timestamp', 'index']);
    expect(fields.at(-1)).toBe('clocks_event_reasons.active');
    expect(lacking).toEqual([]);
  });
  test('never has what names the machine', () => expect(chooseFields(new Set()).fields.join()).not.toMatch(/uuid|serial|bus_id/));
});

describe('a refusal', () => {
  test('leads to the next name, and then to none', () => {
    const first = chooseFields(new Set());
    const refused = afterRefusal(refuse('clocks.current.sm'), first, new Set()) ?? new Set();
    const second = chooseFields(new Set(), refused);
    expect(second.fields).toContain('clocks.sm');
    const third = chooseFields(new Set(), afterRefusal(refuse('clocks.sm'), second, refused));
    expect(third.lacking).toEqual(['clocks.current.sm']);
  });
  test('of what was not asked is none, lest it never ends', () => {
    expect(afterRefusal(refuse('nonsense'), chooseFields(new Set()), new Set())).toBeUndefined();
    expect(afterRefusal('No devices were found\n', chooseFields(new Set()), new Set())).toBeUndefined();
  });
});
