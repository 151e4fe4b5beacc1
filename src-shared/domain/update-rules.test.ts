import { describe, expect, it } from 'vitest';
import type { ColumnTarget } from './column-mapping';
import { fieldUpdates, UpdateRules, updatePlan, updateRuleProblems } from './update-rules';

const mapping: ColumnTarget[] = [
  { field: 'phone' },
  { field: 'lastName' },
  { field: 'custom', key: 'city' },
  { field: 'tags' },
  { field: 'email' },
  { field: 'custom', key: 'order' },
  { field: 'optOut' },
  { field: 'ignore' },
];

describe('fieldUpdates', () => {
  it('adds tags and overwrites everything else, unless something else was chosen', () => {
    expect(fieldUpdates(mapping, { updateRules: {}, blanksOverwrite: false })).toEqual([
      { field: 'name', rule: 'overwrite', blankEmpties: false },
      { field: 'email', rule: 'overwrite', blankEmpties: false },
      { field: 'tags', rule: 'add', blankEmpties: false },
      { field: 'custom:city', rule: 'overwrite', blankEmpties: false },
      { field: 'custom:order', rule: 'overwrite', blankEmpties: false },
    ]);
    const chosen = { name: 'keep', tags: 'overwrite', 'custom:city': 'fill' } as const;
    expect(fieldUpdates(mapping, { updateRules: chosen, blanksOverwrite: false })).toMatchObject([
      { field: 'name', rule: 'keep' },
      { field: 'email', rule: 'overwrite' },
      { field: 'tags', rule: 'overwrite' },
      { field: 'custom:city', rule: 'fill' },
      { field: 'custom:order', rule: 'overwrite' },
    ]);
  });

  it('lets a blank cell empty a field only where the rule is to overwrite', () => {
    const updates = fieldUpdates(mapping, {
      updateRules: { email: 'fill', 'custom:city': 'keep' },
      blanksOverwrite: true,
    });
    expect(updates.filter(({ blankEmpties }) => blankEmpties).map(({ field }) => field)).toEqual([
      'name',
      'custom:order',
    ]);
  });

  it('leaves out fields that no column becomes', () => {
    expect(fieldUpdates([{ field: 'phone' }], { updateRules: {}, blanksOverwrite: true })).toEqual([]);
  });
});

describe('updatePlan', () => {
  it('never empties what no column becomes', () => {
    const plan = updatePlan([{ field: 'phone' }], {
      updateRules: { tags: 'overwrite' },
      blanksOverwrite: true,
    });
    expect(plan).toEqual({
      name: { rule: 'overwrite', blankEmpties: false },
      email: { rule: 'overwrite', blankEmpties: false },
      tags: { rule: 'overwrite', blankEmpties: false },
      custom: { fill: [], keep: [], blankEmpties: [] },
    });
  });

  it('lets the parts of a name follow the name', () => {
    const plan = updatePlan(mapping, {
      updateRules: { name: 'fill', 'custom:city': 'keep' },
      blanksOverwrite: true,
    });
    expect(plan.custom).toEqual({ fill: ['last_name'], keep: ['city'], blankEmpties: ['order'] });
  });

  it('takes no rule from what every object has', () => {
    const odd: ColumnTarget[] = [{ field: 'custom', key: 'constructor' }];
    expect(updatePlan(odd, { updateRules: {}, blanksOverwrite: false }).custom.keep).toEqual([]);
  });
});

describe('rules', () => {
  it('have keys that are known', () => {
    expect(UpdateRules.safeParse({ name: 'keep', 'custom:first order': 'fill' }).success).toBe(true);
    expect(UpdateRules.safeParse({ phone: 'keep' }).success).toBe(false);
    expect(UpdateRules.safeParse({ 'custom:': 'keep' }).success).toBe(false);
    expect(UpdateRules.safeParse({ name: 'merge' }).success).toBe(false);
  });

  it('are refused by name where they cannot be followed', () => {
    expect(updateRuleProblems(mapping, { updateRules: { name: 'keep', tags: 'add' } })).toEqual([]);
    expect(updateRuleProblems(mapping, { updateRules: { email: 'add', 'custom:town': 'keep' } })).toEqual([
      { field: 'email', message: expect.stringContaining('Only tags') as string },
      { field: 'custom:town', message: expect.stringContaining('“town”') as string },
    ]);
  });
});
