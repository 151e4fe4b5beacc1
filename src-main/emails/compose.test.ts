import { Message } from '@shared/contract/campaigns';
import { unwrap } from '@shared/errors';
import { expect, it } from 'vitest';
import { prepareMessage } from '../campaigns/message';
import { composeEmail, payloadHash } from './compose';

const compose = (subject: string, body: string, parameters: Record<string, string> = {}) =>
  composeEmail(unwrap(prepareMessage(Message.parse({ channel: 'email', subject, body }))), 'a@example.com', {
    deliveryId: 'd',
    recipient: 'b@example.com',
    parameters,
  });

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

it('always makes the same e-mail of the same inputs', () => {
  const make = () => payloadHash([compose('Hi {{a}}', 'x {{b|y}}', { a: '1' })]);
  expect(make()).toBe(make());
});
