import { defineTexts } from '@renderer/i18n/i18n';

/** Words of the templates. */
export const useTemplatesText = defineTexts('templates', {
  en: {
    title: 'Templates',
    hint: 'Texts to start a message from. Every save adds a version.',
    add: 'New template',
    list: 'Saved templates',
    empty: 'No template yet',
    emptyHint: 'Save a text with variables once and start messages from it.',
    whatsapp: 'WhatsApp',
    email: 'E-mail',
    version: 'Version {{version}}',
    name: 'Name',
    channel: 'Channel',
    subject: 'Subject',
    body: 'Text',
    bodyHint: 'Variables stand in double braces, a fallback after a bar: {{example}}',
    save: 'Save',
    saved: 'Saved as version {{version}}.',
    unsaved: 'Not saved yet',
    use: 'Use in a message',
    remove: 'Remove…',
    removeTitle: 'Remove 1 template?',
    removeHint:
      '“{{name}}” is removed with its {{versions}} versions. Messages that were sent keep their text.',
    removeGo: 'Remove the template',
    removed: 'The template was removed.',
    try: 'Try it',
    tryHint: 'Type values as a contact would have them.',
    rendered: 'Result',
    nothing: 'The result appears as you write.',
    missing: 'Without a value: {{names}}',
    at: 'Line {{line}}, column {{column}}: {{message}}',
    hasFallback: 'Has a fallback',
  },
  de: { title: 'Vorlagen', save: 'Speichern' },
});
