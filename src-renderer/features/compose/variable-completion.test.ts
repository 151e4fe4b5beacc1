import { describe, expect, it } from 'vitest';
import { complete, matchingFields, openVariable } from './variable-completion';

describe('the variable at the cursor', () => {
  it('is open between its braces and until its fallback begins', () => {
    expect(openVariable('Hi {{', 5)).toEqual({ start: 3, typed: '' });
    expect(openVariable('Hi {{na, and', 7)).toEqual({ start: 3, typed: 'na' });
    expect(openVariable('Hi {{name|th', 12)).toBeNull();
    expect(openVariable('Hi {{name}} and', 15)).toBeNull();
    expect(openVariable('Hi {{', 4)).toBeNull();
    expect(openVariable('Hi', 2)).toBeNull();
  });

  it('is completed once, also where the closing braces are there already', () => {
    const open = { start: 3, typed: 'na' };
    expect(complete('Hi {{na!', 7, open, 'name')).toEqual({ text: 'Hi {{name}}!', cursor: 11 });
    expect(complete('Hi {{na}}!', 7, open, 'name')).toEqual({ text: 'Hi {{name}}!', cursor: 11 });
  });
});

it('offers the fields that begin with what is typed before those that hold it', () => {
  expect(matchingFields(['order_name', 'phone', 'name'], 'Na')).toEqual(['name', 'order_name']);
});
