import { describe, expect, it } from 'vitest';
import { Message } from '@shared/contract/message';
import { unwrap } from '@shared/errors';
import { requestBody } from '../providers/whatsapp-cloud-api';
import { filledParameters, readableText, whatsappContent } from './content';
import { messageProblems, prepareMessage } from './message';

const template = (components: unknown[], body = '') =>
  Message.parse({
    channel: 'whatsapp',
    type: 'template',
    body,
    template: { name: 'order_ready', language: 'en_US', components },
  });
const whatsapp = (message: Message) => {
  const prepared = unwrap(prepareMessage(message));
  if (prepared.channel !== 'whatsapp') throw new Error('unreachable');
  return prepared;
};
const places = (message: Message) =>
  messageProblems(message).map(({ field, line, column }) => [field, line, column]);

describe('a template message', () => {
  const message = template(
    [
      { type: 'header', parameters: [{ text: '{{name|Friend}}' }] },
      { type: 'body', parameters: [{ text: 'Order {{order_id}}' }, { text: '{{day|today}}' }] },
      { type: 'button', index: 1, parameters: [{ text: '{{order_id}}' }] },
    ],
    'Hello, {{1}} is ready {{2}}.',
  );

  it('becomes the body that WhatsApp documents', () => {
    const content = whatsappContent(whatsapp(message), { order_id: 'A7' });
    expect(requestBody({ to: '+1', deliveryId: 'd', content })).toMatchObject({
      type: 'template',
      template: {
        name: 'order_ready',
        language: { code: 'en_US' },
        components: [
          { type: 'header', parameters: [{ type: 'text', text: 'Friend' }] },
          {
            type: 'body',
            parameters: [
              { type: 'text', text: 'Order A7' },
              { type: 'text', text: 'today' },
            ],
          },
          { type: 'button', sub_type: 'url', index: '1', parameters: [{ type: 'text', text: 'A7' }] },
        ],
      },
    });
  });

  it('sends names where the parameters have them', () => {
    const named = template(
      [{ type: 'body', parameters: [{ name: 'order', text: '{{order_id}}' }] }],
      'See {{order}}',
    );
    const content = whatsappContent(whatsapp(named), { order_id: 'A7' });
    expect(JSON.stringify(content)).toContain('{"name":"order","text":"A7"}');
    expect(readableText(whatsapp(named), { order_id: 'A7' })).toBe('See A7');
  });

  it('is read with the parameters in the approved text', () => {
    expect(readableText(whatsapp(message), { order_id: 'A7' })).toBe('Hello, Order A7 is ready today.');
  });

  it('names the variables of every part, and which lack a fallback somewhere', () => {
    expect(whatsapp(message).variables.map(({ name, hasFallback }) => [name, hasFallback])).toEqual([
      ['name', true],
      ['order_id', false],
      ['day', true],
    ]);
  });

  it.each([
    ['A\nB', 'line break'],
    ['A\tB', 'tab'],
    ['A     B', 'four spaces'],
    ['', 'empty'],
  ])('tells for a recipient whose value is %j (132018)', (day, words) => {
    const blank = template([{ type: 'body', parameters: [{ text: '{{day}}' }] }]);
    expect(filledParameters(whatsapp(blank), { day })[0]?.problem).toContain(words);
    expect(filledParameters(whatsapp(blank), { day: 'A    B' })[0]?.problem).toBeNull();
  });

  it('names the place of what is wrong whoever gets it', () => {
    const wrong = template([
      { type: 'header', parameters: [{ text: 'a\nb' }] },
      { type: 'body', parameters: [{ text: 'fine' }, { text: 'Hi\u2003{{name' }, { text: '' }] },
    ]);
    expect(places(wrong)).toEqual([
      ['template.components.1.parameters.1', 1, 4],
      ['template.components.0.parameters.0', null, null],
      ['template.components.1.parameters.2', null, null],
    ]);
    expect(
      places(template([{ type: 'body', parameters: [{ text: 'a', name: 'a' }, { text: 'b' }] }])),
    ).toEqual([['template.components.0', null, null]]);
    expect(
      places(
        template([
          { type: 'body', parameters: [{ text: 'a' }] },
          { type: 'body', parameters: [{ text: 'b' }] },
        ]),
      ),
    ).toEqual([['template.components.1', null, null]]);
    expect(places(Message.parse({ channel: 'whatsapp', type: 'template' }))).toEqual([
      ['template.name', null, null],
    ]);
  });
});

describe('media', () => {
  const media = (given: object) => Message.parse({ channel: 'whatsapp', type: 'document', ...given });

  it('goes by link or by id, with caption and name', () => {
    const byId = whatsappContent(
      whatsapp(media({ mediaId: '42', body: 'For {{n}}', fileName: 'Bill.pdf' })),
      { n: 'A' },
    );
    expect(requestBody({ to: '+1', deliveryId: 'd', content: byId })).toMatchObject({
      document: { id: '42', caption: 'For A', filename: 'Bill.pdf' },
    });
    const byLink = whatsappContent(whatsapp(media({ mediaUrl: 'https://example.com/a%20b.pdf' })), {});
    expect(requestBody({ to: '+1', deliveryId: 'd', content: byLink })).toMatchObject({
      document: { link: 'https://example.com/a%20b.pdf', filename: 'a b.pdf' },
    });
    const audio = whatsappContent(whatsapp(media({ type: 'audio', mediaId: '7' })), {});
    expect(requestBody({ to: '+1', deliveryId: 'd', content: audio })).toMatchObject({ audio: { id: '7' } });
  });

  it('is wanted once', () => {
    expect(places(media({}))).toEqual([['mediaUrl', null, null]]);
    expect(places(media({ mediaId: '1', mediaUrl: 'https://example.com/a' }))).toEqual([
      ['mediaUrl', null, null],
    ]);
  });
});

it('asks for no preview of a link where none is wanted', () => {
  const text = Message.parse({ channel: 'whatsapp', body: 'https://example.com', previewUrl: false });
  const content = whatsappContent(whatsapp(text), {});
  expect(requestBody({ to: '+1', deliveryId: 'd', content })).toMatchObject({ text: { preview_url: false } });
});

it('opens messages as earlier versions froze them', () => {
  const older = [
    {
      channel: 'whatsapp',
      type: 'image',
      body: 'c',
      mediaUrl: 'https://example.com/a.png',
      templateId: null,
    },
    { channel: 'email', emailType: 'campaign', subject: 's', body: '<p>{{name}}</p>', templateId: null },
  ];
  for (const message of older) expect(prepareMessage(Message.parse(message)).ok).toBe(true);
});
