import { z } from 'zod';
import { stream } from '../rpc/define';
import { ConsoleTarget } from '../domain/console-link';

export const foundKinds = ['job', 'contact', 'campaign', 'import', 'template', 'schedule'] as const;
export const FoundKind = z.enum(foundKinds);
export type FoundKind = z.infer<typeof FoundKind>;

/** Something that the palette found by its id, its name, a phone number or an email address. */
export const Found = z.object({
  kind: FoundKind,
  title: z.string(),
  /** What tells it from others of the same title. */
  detail: z.string().nullable(),
  target: ConsoleTarget,
});
export type Found = z.infer<typeof Found>;

/** At most so many of one kind are listed. */
export const FOUND_PER_KIND = 6;

export const find = {
  /**
   * Finds whatever has this id, link, name, phone or email. What is found of one kind comes as soon as it is
   * known, `failed` where it could not be asked; the stream ends when every kind has answered. Closing it stops
   * the search.
   */
  run: stream({
    input: z.object({ text: z.string().trim().min(1).max(500) }),
    output: z.object({
      kind: FoundKind,
      found: z.array(Found).max(FOUND_PER_KIND),
      failed: z.boolean(),
    }),
  }),
};
