import { defineTexts } from '@renderer/i18n/i18n';

/** Words of the contacts screen. */
export const useContactsText = defineTexts('contacts', {
  en: {
    title: 'Contacts',
    search: 'Search',
    searchHint: 'Name, phone or e-mail',
    tag: 'Tag',
    anyTag: 'Any tag',
    ofImport: 'Of one import',
    clearImport: 'Show all',
    total_one: '{{count}} contact',
    total_other: '{{count}} contacts',
    phone: 'Phone',
    name: 'Name',
    email: 'E-mail',
    tags: 'Tags',
    updated: 'Changed',
    emptyTitle: 'No contacts yet',
    emptyHint: 'Import a spreadsheet to begin.',
    import: 'Import contacts',
    noMatchTitle: 'Nobody matches',
    noMatchHint: 'Search for less, or take the filters away.',
    optedOut: 'Opted out',
    optOut: 'Opt out',
    optIn: 'Let messages through again',
    optedOutNow: 'No message goes to this contact any more.',
    optedInNow: 'Messages go to this contact again.',
    undo: 'Undo',
    fields: 'Own fields',
    history: 'History',
  },
});
