/** How the icon in the tray looks: calm, or with a dot that says that something is wrong. */
export type TrayLook = 'calm' | 'alert' | 'paused';

/** A picture as Electron takes one: rows of pixels, four bytes each, blue first. */
export interface Bitmap {
  readonly size: number;
  readonly pixels: Buffer;
}

type Colour = readonly [red: number, green: number, blue: number];

const ACCENT: Colour = [79, 70, 229];
const WHITE: Colour = [255, 255, 255];
const DANGER: Colour = [220, 38, 38];
const BLACK: Colour = [0, 0, 0];
/** Points along each side of a pixel that are looked at: edges come out smooth. */
const SAMPLES = 4;

/** The product's sign on a square of 20 units: a queue, one message ahead. */
const BARS = [
  { y: 5.25, right: 11.5 },
  { y: 9.05, right: 15.5 },
  { y: 12.85, right: 15.5 },
] as const;
const BAR_HEIGHT = 1.9;
const BAR_LEFT = 4.5;
const DOT = { x: 15.6, y: 4.4, radius: 4.2, rim: 1.2 } as const;

const inBars = (x: number, y: number): boolean =>
  BARS.some((bar) => x >= BAR_LEFT && x <= bar.right && y >= bar.y && y <= bar.y + BAR_HEIGHT);

const inRoundedSquare = (x: number, y: number, radius = 5): boolean => {
  const dx = Math.max(radius - x, x - (20 - radius), 0);
  const dy = Math.max(radius - y, y - (20 - radius), 0);
  return dx * dx + dy * dy <= radius * radius;
};

const toDot = (x: number, y: number): number => Math.hypot(x - DOT.x, y - DOT.y);

/** The colour of a point; undefined where one sees through. */
function colourAt(x: number, y: number, look: TrayLook, template: boolean): Colour | undefined {
  if (look === 'alert') {
    if (toDot(x, y) <= DOT.radius) return template ? BLACK : DANGER;
    if (toDot(x, y) <= DOT.radius + DOT.rim) return undefined;
  }
  // Paused: a stroke through the sign, so that it is told by its shape and not by a colour.
  if (look === 'paused') {
    const across = Math.abs(x - y);
    if (across <= 1) return template ? BLACK : WHITE;
    if (across <= 2.4) return template ? undefined : inRoundedSquare(x, y) ? ACCENT : undefined;
  }
  // macOS paints a template in the colour of its menu bar: only the shape counts.
  if (template) return inBars(x, y) ? BLACK : undefined;
  if (!inRoundedSquare(x, y)) return undefined;
  return inBars(x, y) ? WHITE : ACCENT;
}

/** Draws the icon of `size` pixels. `template`: black on nothing, as macOS wants it. */
export function drawTrayIcon(size: number, look: TrayLook, template: boolean): Bitmap {
  const pixels = Buffer.alloc(size * size * 4);
  const unit = 20 / size;
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      const sum = [0, 0, 0];
      let hits = 0;
      for (let sample = 0; sample < SAMPLES * SAMPLES; sample += 1) {
        const x = (column + ((sample % SAMPLES) + 0.5) / SAMPLES) * unit;
        const y = (row + (Math.floor(sample / SAMPLES) + 0.5) / SAMPLES) * unit;
        const colour = colourAt(x, y, look, template);
        if (colour === undefined) continue;
        hits += 1;
        colour.forEach((value, channel) => (sum[channel] = (sum[channel] ?? 0) + value));
      }
      const alpha = hits / (SAMPLES * SAMPLES);
      // Electron takes colours that are already multiplied by their alpha.
      const channel = (index: number): number => Math.round((sum[index] ?? 0) / (SAMPLES * SAMPLES));
      const at = (row * size + column) * 4;
      pixels.set([channel(2), channel(1), channel(0), Math.round(alpha * 255)], at);
    }
  }
  return { size, pixels };
}
