import { worstPingDuring } from './ping-probe';
import { median } from './statistics';

export interface Figures {
  readonly ms: number;
  /** The longest that another client waited for a PING meanwhile. */
  readonly pingMs: number;
}

export interface SideBySide {
  readonly url: string;
  readonly rounds: number;
  readonly ways: Readonly<Record<string, () => Promise<unknown>>>;
  /** Before each way of each round. */
  readonly prepare: () => Promise<unknown>;
  /** After it; throws where the work is not done. */
  readonly verify: (way: string) => Promise<void>;
  readonly progress: (text: string) => void;
}

/** The same work in several ways, in turn and round by round: medians of each, by its name. */
export async function sideBySide(given: SideBySide): Promise<(way: string) => Figures> {
  const found = new Map<string, Figures[]>();
  for (let round = 0; round < given.rounds; round += 1) {
    for (const [name, way] of Object.entries(given.ways)) {
      await given.prepare();
      const figures = await timed(given.url, way);
      await given.verify(name);
      given.progress(`${name}: ${figures.ms.toFixed(0)} ms, worst PING ${figures.pingMs.toFixed(1)} ms`);
      found.set(name, [...(found.get(name) ?? []), figures]);
    }
  }
  return (name) => {
    const all = found.get(name) ?? [];
    return { ms: median(all.map(({ ms }) => ms)), pingMs: median(all.map(({ pingMs }) => pingMs)) };
  };
}

async function timed(url: string, way: () => Promise<unknown>): Promise<Figures> {
  let ms = 0;
  const pingMs = await worstPingDuring(url, async () => {
    const started = performance.now();
    await way();
    ms = performance.now() - started;
  });
  return { ms, pingMs };
}
