import { saveDownload } from '@renderer/platform/save-download';
import type { PlotKind } from './plot';
import { colorOf, EARLIER_DASH, type Series } from './series';

/** What a picture of a chart is called, and what it says above the drawing. */
export interface ChartImage {
  readonly fileName: string;
  readonly title: string;
  /** What it is of and of which time. */
  readonly subtitle: string;
}

interface Legend {
  readonly series: readonly Series[];
  readonly kind: PlotKind;
  /** The latest value of each series, written out. */
  readonly latest: Readonly<Record<string, string | null>>;
}

/** Sharp also where it is printed or enlarged. */
const SCALE = 2;
const PADDING = 20;
const HEAD = { title: 16, subtitle: 12, legend: 12, gap: 8 };

/** Draws the chart as it is on the screen, with title and legend, and saves it as a PNG. */
export async function saveChartImage(figure: HTMLElement, image: ChartImage, legend: Legend): Promise<void> {
  const svg = figure.querySelector<SVGSVGElement>('[data-chart] svg');
  if (svg === null) return;
  const canvas = await draw(svg, image, legend);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob === null) return;
  const url = URL.createObjectURL(blob);
  saveDownload({ url, fileName: image.fileName });
  // The download has begun by then, and holds what it needs.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

async function draw(
  svg: SVGSVGElement,
  image: ChartImage,
  { series, kind, latest }: Legend,
): Promise<HTMLCanvasElement> {
  const { width, height } = svg.getBoundingClientRect();
  const headHeight = HEAD.title + HEAD.subtitle + HEAD.legend + 3 * HEAD.gap;
  const canvas = document.createElement('canvas');
  canvas.width = (width + 2 * PADDING) * SCALE;
  canvas.height = (height + headHeight + 2 * PADDING) * SCALE;
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('This window cannot draw pictures.');
  const styles = getComputedStyle(svg);
  const color = (name: string): string => resolved(name, styles);
  const font = (size: number, weight = 400): string => `${weight} ${size}px ${styles.fontFamily}`;
  context.scale(SCALE, SCALE);
  context.fillStyle = color('var(--surface)');
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.translate(PADDING, PADDING);
  context.textBaseline = 'top';
  context.fillStyle = color('var(--ink)');
  context.font = font(HEAD.title, 600);
  context.fillText(image.title, 0, 0);
  context.fillStyle = color('var(--ink-2)');
  context.font = font(HEAD.subtitle);
  context.fillText(image.subtitle, 0, HEAD.title + HEAD.gap);
  let at = 0;
  const legendTop = HEAD.title + HEAD.subtitle + 2 * HEAD.gap;
  for (const each of series) {
    const swatch = color(colorOf(each.color));
    if (each.earlier === true || kind === 'line') {
      context.strokeStyle = swatch;
      context.lineWidth = 2;
      context.setLineDash(each.earlier === true ? EARLIER_DASH.split(' ').map(Number) : []);
      context.beginPath();
      context.moveTo(at, legendTop + HEAD.legend / 2);
      context.lineTo(at + 14, legendTop + HEAD.legend / 2);
      context.stroke();
    } else {
      context.fillStyle = swatch;
      context.fillRect(at + 2, legendTop + 1, 10, 10);
    }
    const value = latest[each.id] ?? null;
    const text = value === null ? each.label : `${each.label}  ${value}`;
    context.fillStyle = color('var(--ink-2)');
    context.font = font(HEAD.legend);
    context.fillText(text, at + 20, legendTop);
    at += 20 + context.measureText(text).width + 18;
  }
  context.translate(0, headHeight);
  context.drawImage(await pictureOf(svg, width, height), 0, 0, width, height);
  // A picture has no fonts of ours: its texts are written here.
  context.textBaseline = 'top';
  context.textAlign = 'left';
  context.font = font(11);
  context.fillStyle = color('var(--ink-3)');
  const origin = svg.getBoundingClientRect();
  for (const text of svg.querySelectorAll('text')) {
    const { left, top } = text.getBoundingClientRect();
    context.fillText(text.textContent, left - origin.left, top - origin.top);
  }
  return canvas;
}

/** The drawing without its texts; a picture knows no variables, so that colours are written out. */
async function pictureOf(svg: SVGSVGElement, width: number, height: number): Promise<HTMLImageElement> {
  const styles = getComputedStyle(svg);
  const copy = svg.cloneNode(true) as SVGSVGElement;
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  // A picture without a size of its own is not drawn at the size of the chart.
  copy.setAttribute('viewBox', `0 0 ${width} ${height}`);
  copy.setAttribute('width', String(width * SCALE));
  copy.setAttribute('height', String(height * SCALE));
  for (const text of copy.querySelectorAll('text')) text.remove();
  for (const element of copy.querySelectorAll('*')) {
    for (const name of ['fill', 'stroke']) {
      const value = element.getAttribute(name);
      if (value?.startsWith('var(') === true) element.setAttribute(name, resolved(value, styles));
    }
  }
  const picture = new Image();
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
  await picture.decode();
  return picture;
}

const resolved = (value: string, styles: CSSStyleDeclaration): string => {
  const name = /^var\((--[\w-]+)\)$/.exec(value)?.[1];
  return name === undefined ? value : styles.getPropertyValue(name).trim();
};
