import { describe, expect, it } from 'vitest';
import { coverageOf, variablesOf } from './coverage';

const USE = {
  contacts: 200,
  fields: [
    { name: 'name', contacts: 190 },
    { name: 'phone', contacts: 200 },
    { name: 'email', contacts: 0 },
    { name: 'order_id', contacts: 150 },
  ],
};

describe('what the variables of a text find', () => {
  it('are those of every text that compiles', () => {
    expect(variablesOf(['{{a|x}} {{b}}', '{{a}}', '{{broken'])).toEqual([
      { name: 'a', hasFallback: false },
      { name: 'b', hasFallback: false },
    ]);
  });

  it('counts who lacks a value, and guesses what was meant', () => {
    const variables = variablesOf(['{{name|there}} {{Order ID}} {{voucher}} {{email}}']);
    expect(coverageOf(variables, USE)).toEqual([
      {
        name: 'name',
        hasFallback: true,
        having: 190,
        lacking: 10,
        share: 0.95,
        isUnknown: false,
        meant: null,
      },
      {
        name: 'Order ID',
        hasFallback: false,
        having: 0,
        lacking: 200,
        share: 0,
        isUnknown: true,
        meant: 'order_id',
      },
      {
        name: 'voucher',
        hasFallback: false,
        having: 0,
        lacking: 200,
        share: 0,
        isUnknown: true,
        meant: null,
      },
      { name: 'email', hasFallback: false, having: 0, lacking: 200, share: 0, isUnknown: false, meant: null },
    ]);
  });

  it('says nothing strange without contacts', () => {
    const [name] = coverageOf(variablesOf(['{{name}}']), {
      contacts: 0,
      fields: [{ name: 'name', contacts: 0 }],
    });
    expect(name).toMatchObject({ share: 0, lacking: 0, isUnknown: false });
  });
});
