import {
  type Json,
  json,
  limitParameter,
  object,
  parameter,
  ref,
  refusals,
  success,
  text,
  whole,
} from './parts';

/** The contacts of the organization. */
export const contactPaths: Json = {
  '/api/contacts': {
    get: {
      tags: ['Contacts'],
      summary: 'Contacts, newest first',
      parameters: [
        parameter('search', 'query', text, 'The beginning of a name, a phone or an email.'),
        parameter('tag', 'query', text, 'Only contacts with this tag.'),
        limitParameter('limit', 500, 100, 'Contacts a page.'),
        parameter('cursor', 'query', text, 'nextCursor of the page before.'),
      ],
      responses: {
        '200': json(
          'A page.',
          object({
            success,
            contacts: { type: 'array', items: ref('Contact') },
            nextCursor: { ...text, nullable: true },
            total: whole,
          }),
        ),
        ...refusals(400),
      },
    },
  },
};
