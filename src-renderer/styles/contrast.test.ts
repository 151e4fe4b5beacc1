import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

type Rgb = readonly [number, number, number];

const css = readFileSync(fileURLToPath(new URL('./tokens.css', import.meta.url)), 'utf8');

/** The hex tokens of one scheme. */
function tokensOf(selector: string): ReadonlyMap<string, string> {
  const body = css.slice(css.indexOf(selector)).match(/\{([^}]*)\}/)?.[1] ?? '';
  return new Map(
    [...body.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)].map(([, name, hex]) => [name ?? '', hex ?? '']),
  );
}

const linear = (channel: number): number =>
  channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;

function linearRgb(hex: string): Rgb {
  const at = (from: number): number => linear(parseInt(hex.slice(from, from + 2), 16) / 255);
  return [at(1), at(3), at(5)];
}

/** WCAG 2.2: relative luminance and contrast ratio. */
const luminance = ([r, g, b]: Rgb): number => 0.2126 * r + 0.7152 * g + 0.0722 * b;
function contrast(a: string, b: string): number {
  const [one, two] = [luminance(linearRgb(a)), luminance(linearRgb(b))];
  return (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
}

/** Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB. */
const VISION: Readonly<Record<string, readonly Rgb[]>> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const times = ([a, b, c]: Rgb, [r, g, bl]: Rgb): number => a * r + b * g + c * bl;

function lab(rgb: Rgb): Rgb {
  const f = (t: number): number => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const x = f(times([0.4124, 0.3576, 0.1805], rgb) / 0.9505);
  const y = f(times([0.2126, 0.7152, 0.0722], rgb));
  const z = f(times([0.0193, 0.1192, 0.9505], rgb) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function seen(hex: string, matrix: readonly Rgb[]): Rgb {
  const rgb = linearRgb(hex);
  const [r = [0, 0, 0], g = [0, 0, 0], b = [0, 0, 0]] = matrix;
  const clip = (value: number): number => Math.min(1, Math.max(0, value));
  return lab([clip(times(r, rgb)), clip(times(g, rgb)), clip(times(b, rgb))]);
}

const distance = (a: Rgb, b: Rgb): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

const TONES = ['accent', 'success', 'warning', 'danger', 'info'] as const;
const SURFACES = ['canvas', 'surface', 'raised', 'sunken', 'hover', 'selected'] as const;
const PAGE = ['canvas', 'surface', 'raised'] as const;

describe.each([
  ['light', "[data-scheme='light']"],
  ['dark', "[data-scheme='dark']"],
])('tokens of the %s scheme', (_name, selector) => {
  const tokens = tokensOf(selector);
  const ratio = (front: string, back: string): number =>
    contrast(tokens.get(front) ?? '', tokens.get(back) ?? '');

  it('reads every token', () => {
    expect(tokens.size).toBeGreaterThan(45);
  });

  it.each(SURFACES)('keeps text readable on %s (4.5:1)', (surface) => {
    for (const ink of ['ink', 'ink-2', 'ink-3']) expect(ratio(ink, surface), ink).toBeGreaterThanOrEqual(4.5);
  });

  it.each(TONES)('keeps %s text readable on its own soft fill and on the page (4.5:1)', (tone) => {
    expect(ratio(`${tone}-text`, `${tone}-soft`)).toBeGreaterThanOrEqual(4.5);
    for (const surface of PAGE) expect(ratio(`${tone}-text`, surface), surface).toBeGreaterThanOrEqual(4.5);
    expect(ratio('ink-2', `${tone}-soft`)).toBeGreaterThanOrEqual(4.5);
  });

  it('keeps the words on filled buttons readable (4.5:1)', () => {
    expect(ratio('on-accent', 'accent')).toBeGreaterThanOrEqual(4.5);
    expect(ratio('on-danger', 'danger')).toBeGreaterThanOrEqual(4.5);
    expect(ratio('on-production', 'production')).toBeGreaterThanOrEqual(4.5);
    expect(ratio('on-accent', 'accent-hover')).toBeGreaterThanOrEqual(4.5);
  });

  it('keeps control frames, focus, bars and chart colours visible (3:1)', () => {
    const marks = [
      'line-control',
      'focus',
      'neutral',
      ...TONES,
      ...[1, 2, 3, 4, 5, 6].map((n) => `chart-${n}`),
    ];
    for (const mark of marks) {
      for (const surface of ['canvas', 'surface'])
        expect(ratio(mark, surface), `${mark} on ${surface}`).toBeGreaterThanOrEqual(3);
    }
  });

  it.each(Object.entries(VISION))('keeps the four queue colours apart with %s vision', (_vision, matrix) => {
    const colours = [1, 2, 3, 4].map((n) => seen(tokens.get(`chart-${n}`) ?? '', matrix));
    colours.forEach((one, i) => {
      for (const [j, two] of colours.entries()) {
        if (j > i) expect(distance(one, two), `chart-${i + 1} and chart-${j + 1}`).toBeGreaterThanOrEqual(20);
      }
    });
  });
});
