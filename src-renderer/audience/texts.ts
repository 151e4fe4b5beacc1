import { defineTexts } from '@renderer/i18n/i18n';

/** Words of the fields that say who is meant, for the composer and for templates. */
export const useAudienceText = defineTexts('audience', {
  en: {
    choose: 'Choose…',
    list: {
      text: 'Phone numbers or email addresses',
      textHint: 'One a line, or with commas or semicolons between them.',
      country: 'Country of numbers without a country code',
      take: 'Take this list',
      reading: 'Reading the file…',
      fileHint:
        'A .csv or .xlsx with a column of phone numbers or emails; its other columns can be variables.',
      another: 'Another file',
      sheet: 'Sheet',
      phone: 'Phone numbers in',
      email: 'Emails in',
      none: 'No column',
      columnNo: 'Column {{number}}',
      noColumn: 'No column was recognised as phone numbers or emails. Choose the one that holds them.',
      entries: '{{count}} entries',
      known: '{{count}} are contacts',
      unknown: '{{count}} are no contacts',
      unknownHint:
        'Addresses that are no contacts get the message and are not saved as contacts. Import a file to keep them.',
    },
    where: {
      tagsAny: 'One of these tags',
      tagsAll: 'All of these tags',
      tagsNone: 'None of these tags',
      field: 'Field',
      how: 'Is',
      value: 'Value',
      equals: 'equal to',
      contains: 'containing',
      empty: 'empty',
      filled: 'filled in',
      addField: 'Add a field',
      removeField: 'Remove the condition on {{field}}',
      prefixes: 'Country codes',
      noPrefix: '“{{text}}” is no country code such as +966.',
      email: 'Email address',
      email_any: 'With or without',
      email_yes: 'Has one',
      email_no: 'Has none',
      notWritten: 'Not written to for (days)',
      createdSince: 'Contact since',
      importedSince: 'Imported since',
    },
  },
  de: { choose: 'Wählen…' },
});
