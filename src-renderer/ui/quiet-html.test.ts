import { expect, it } from 'vitest';
import { quietCss, quietHtml } from './quiet-html';

it.each([
  ['<p style="color: red" title="a style=b">x</p>', '<p data-style="color: red" title="a style=b">x</p>'],
  ['<img src=x onerror=alert(1)>', '<img data-src=x data-onerror=alert(1)>'],
  ['<svg/onload="x">', '<svg/data-onload="x">'],
  [
    '<style media="x">p > b { background: url(http://x/y.png) }</style>',
    '<template data-sheet>p > b { background: none }</template>',
  ],
  ['<script>x</script><link href="a"><base href="b"><meta http-equiv="refresh"><p>y</p>', '<p>y</p>'],
  ['<style></template><img src=x></style>', '<template data-sheet>/template>img src=x></template>'],
])('leaves nothing to refuse in %s', (html, quiet) => {
  expect(quietHtml(html)).toBe(quiet);
});

it('keeps what a style sheet carries with it', () => {
  expect(quietCss('a { b: url("data:image/png;base64,AA==") } @import "x";')).toBe(
    'a { b: url("data:image/png;base64,AA==") } none',
  );
});
