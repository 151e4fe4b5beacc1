import { describe, expect, it } from 'vitest';
import { htmlProblems, textOfHtml } from './html-text';

describe('the text twin', () => {
  it.each([
    ['<h1>A</h1>\n  <p>B<br>C</p>', 'A\n\nB\nC'],
    ['<p>See <a class="x" href="https://e.com/{{id}}">more</a></p>', 'See more (https://e.com/{{id}})'],
    ["<a href='https://e.com'>https://e.com</a>", 'https://e.com'],
    ['<ul><li>One</li><li>Two</li></ul>', '- One\n- Two'],
    ['<table><tr><td>A</td><td>B</td></tr><tr><td>C</td></tr></table>', 'A B\n\nC'],
    [
      '<style>p{}</style><!-- no --><p>5 &lt; 6 &amp; &#8364;1 &#x41;&nbsp;&unknown;</p>',
      '5 < 6 & €1 A &unknown;',
    ],
    ['<p>&#123;&#123;name}}</p>', '&#123;&#123;name}}'],
    ['<img src="x" alt="Our shop"> <b>{{name|friend}}</b>', 'Our shop {{name|friend}}'],
  ])('of %s', (html, text) => {
    expect(textOfHtml(html)).toBe(text);
  });

  it('takes no longer for hostile HTML', () => {
    const started = performance.now();
    for (const part of [
      '<a href="',
      '<a href="x">',
      '<!--',
      '<style>',
      '<p ',
      '{{',
      '<img alt="',
      '<a href  ',
      '& ',
      '<',
    ]) {
      expect(typeof textOfHtml(part.repeat(10_000))).toBe('string');
      expect(htmlProblems(part.repeat(10_000)).length).toBeLessThan(20_000);
    }
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

it('finds where a value could become markup, with its place', () => {
  expect(htmlProblems('<p title="{{a}}">{{b}}</p>')).toEqual([]);
  expect(htmlProblems('<p {{a}}>').map(({ code, offset }) => [code, offset])).toEqual([
    ['variable-in-tag', 3],
  ]);
  expect(htmlProblems('<head><style>{{a}}</style></head>').map(({ code, offset }) => [code, offset])).toEqual(
    [['variable-in-style', 13]],
  );
  expect(htmlProblems('<!-- {{a}} --><SCRIPT>').map(({ code }) => code)).toEqual(['script']);
});
