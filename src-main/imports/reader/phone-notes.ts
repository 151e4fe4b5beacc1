import type { PhoneNote } from '@shared/domain/phone';

/** What was repaired, in the words of the preview. */
export const PHONE_NOTES: Readonly<Record<PhoneNote, string>> = {
  'plus-restored': '+ restored',
  'country-default': 'Read as a number of the default country',
  'international-prefix': '00 replaced by +',
  'digits-normalised': 'Digits rewritten as 0–9',
  'extension-dropped': 'Extension left out',
  'decimal-dropped': '“.0” left out',
  'ambiguous-country': 'Could also be a number of another country',
  'not-validated': 'Not checked, only 10 to 15 digits counted',
};
