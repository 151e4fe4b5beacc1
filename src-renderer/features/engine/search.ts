import { z } from 'zod';

export const RANGES = {
  '1h': 60,
  '6h': 360,
  '24h': 1_440,
  '7d': 10_080,
  '30d': 43_200,
  '90d': 129_600,
} as const;
export type RangeName = keyof typeof RANGES;
export const rangeNames = ['1h', '6h', '24h', '7d', '30d', '90d'] as const satisfies readonly RangeName[];

/** How far the engine's history looks back. */
export const engineSearch = z.object({ range: z.enum(rangeNames).optional().catch(undefined) });
