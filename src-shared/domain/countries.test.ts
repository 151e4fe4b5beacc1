import { getCountries } from 'libphonenumber-js/max';
import { expect, it } from 'vitest';
import { countryCodes } from './countries';

it('lists exactly the countries whose numbers can be read', () => {
  expect(countryCodes).toEqual(getCountries());
});
