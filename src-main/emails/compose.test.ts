import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { type EmailContent, Message } from '@shared/contract/message';
import { unwrap } from '@shared/errors';
import { prepareMessage } from '../campaigns/message';
import { composeEmail, payloadHash } from './compose';

const composed = (
  message: Omit<z.input<typeof EmailContent>, 'channel'>,
  parameters: Record<string, string> = {},
  from = 'a@example.com',
) => {
  const prepared = unwrap(prepareMessage(Message.parse({ channel: 'email', ...message })));
  if (prepared.channel !== 'email') throw new Error('unreachable');
  return composeEmail(prepared, from, { deliveryId: 'd', recipient: 'b@example.com', parameters });
};
const compose = (subject: string, body: string, parameters: Record<string, string> = {}) =>
  composed({ subject, body }, parameters);

it('makes HTML of text, and leaves the text as it was written', () => {
  const { html, text } = compose('Hi', 'One <two>\nthree\n\nSee https://example.com/a?b=1&c=2.');
  expect(text).toBe('One <two>\nthree\n\nSee https://example.com/a?b=1&c=2.');
  expect(html).toContain('<p>One &lt;two&gt;<br>three</p>');
  expect(html).toContain('<a href="https://example.com/a?b=1&amp;c=2">');
});

it('keeps HTML, escapes the values in it, and makes a text twin of it', () => {
  const { html, text } = compose(
    'Hi',
    '<div><h1>Hello {{name}}</h1><style>p{}</style><p>Read <a href="https://example.com">more</a>.</p></div>',
    { name: '<script>alert(1)</script> & Co' },
  );
  expect(html).toContain('<h1>Hello &lt;script&gt;alert(1)&lt;/script&gt; &amp; Co</h1>');
  expect(text).toBe('Hello <script>alert(1)</script> & Co\n\nRead more (https://example.com).');
});

it('keeps a value from adding headers through the subject', () => {
  expect(compose('For {{name}}', 'x', { name: 'A\r\nBcc: all@example.com' }).subject).toBe(
    'For A Bcc: all@example.com',
  );
});

it('always makes the same email of the same inputs', () => {
  const make = () => payloadHash([compose('Hi {{a}}', 'x {{b|y}}', { a: '1' })]);
  expect(make()).toBe(make());
});

it('makes the same bytes of an older message as the version that froze it', () => {
  const email = compose('Hi {{a}}', 'Text for {{a}}', { a: '1' });
  expect(Object.keys(email)).toEqual(['to', 'from', 'subject', 'html', 'text', 'deliveryId']);
  expect(payloadHash([email])).toBe('7bebb8061801ea5aa880437258ee974da2c9e3d530f6679e0c22423c5851f358');
});

describe('an email written as HTML', () => {
  const html =
    '<p class="a">Hello {{name|friend}}, <a href="https://example.com/{{id}}">see</a> it &amp; more</p>';

  it('escapes values in the HTML, also in attributes, and not in the text twin', () => {
    const email = composed({ subject: 'x', html }, { name: '<b>"A"</b>', id: '"><script>' });
    expect(email.html).toBe(
      '<p class="a">Hello &lt;b&gt;&quot;A&quot;&lt;/b&gt;, <a href="https://example.com/&quot;&gt;&lt;script&gt;">see</a> it &amp; more</p>',
    );
    expect(email.text).toBe('Hello <b>"A"</b>, see (https://example.com/"><script>) it & more');
  });

  it('takes the text twin that was written', () => {
    expect(composed({ subject: 'x', html, body: 'Just {{id}}' }, { id: '7' }).text).toBe('Just 7');
  });

  it('puts the preheader first in the body, escaped', () => {
    const email = composed(
      { subject: 'x', html: '<html><body class="b"><p>A</p></body></html>', preheader: 'For {{n}}' },
      { n: '<i>' },
    );
    expect(email.html).toMatch(/^<html><body class="b"><div style="[^"]*">For &lt;i&gt;<\/div><p>A/);
  });

  it.each([
    ['<p {{a}}>x</p>', 'stand in quotes'],
    ['<a href={{a}}>x</a>', 'stand in quotes'],
    ['<style>p { color: {{a}} }</style>', 'style sheet'],
    ['<p>x</p><script>alert(1)</script>', 'no scripts'],
    ["<a href='{{a'>}}</a>", 'torn apart'],
  ])('refuses %s', (source, words) => {
    const prepared = prepareMessage(Message.parse({ channel: 'email', subject: 'x', html: source }));
    expect(prepared.ok ? '' : JSON.stringify(prepared.error)).toContain(words);
  });
});

describe('headers', () => {
  it('name the sender, in quotes that a name cannot leave', () => {
    const { from } = composed({ subject: 'x', body: 'x', fromName: 'Shop" <evil@example.com>, "' });
    expect(from).toBe('"Shop\\" <evil@example.com>, \\"" <a@example.com>');
    expect(composed({ subject: 'x', body: 'x', fromName: 'New' }, {}, 'Old <a@example.com>').from).toBe(
      '"New" <a@example.com>',
    );
  });

  it('cannot be injected: neither by what is written nor by a value', () => {
    const given = { channel: 'email', subject: 'x', body: 'x' };
    expect(Message.safeParse({ ...given, fromName: 'A\r\nBcc: all@example.com' }).success).toBe(false);
    expect(Message.safeParse({ ...given, replyTo: 'a@example.com\nBcc: b@example.com' }).success).toBe(false);
    const { headers } = composed(
      { subject: 'x', body: 'x', unsubscribe: 'https://example.com/u?m={{email}}' },
      { email: 'a@b.c>\r\nBcc: all@example.com' },
    );
    expect(headers).toEqual({
      'List-Unsubscribe': '<https://example.com/u?m=a%40b.c%3E%0D%0ABcc%3A%20all%40example.com>',
    });
  });
});

it('hashes every part of an email', () => {
  const file = { sha256: 'a'.repeat(64), fileName: 'a.pdf', contentType: 'application/pdf', sizeBytes: 3 };
  const one = { subject: 's', html: '<p>h</p>', body: 't' };
  const variants = [
    one,
    { ...one, subject: 'S' },
    { ...one, html: '<p>H</p>' },
    { ...one, body: 'T' },
    { ...one, preheader: 'p' },
    { ...one, fromName: 'N' },
    { ...one, replyTo: 'r@example.com' },
    { ...one, unsubscribe: 'mailto:u@example.com' },
    { ...one, attachments: [file] },
    { ...one, attachments: [{ ...file, sha256: 'b'.repeat(64) }] },
    { ...one, attachments: [{ ...file, fileName: 'b.pdf' }] },
  ];
  expect(new Set(variants.map((message) => payloadHash([composed(message)]))).size).toBe(variants.length);
});

it('needs what its type is for', () => {
  const prepared = prepareMessage(
    Message.parse({ channel: 'email', emailType: 'password_reset', subject: 'x', html: '<p>Hi</p>' }),
  );
  expect(prepared.ok ? '' : JSON.stringify(prepared.error)).toContain('{{reset_url}}');
});
