import type { z } from 'zod';

/** What is wrong with something stored, at its first place: "0.step.kind: Missing". */
export const whyUnreadable = ({ issues: [first] }: z.ZodError): string =>
  first === undefined
    ? 'It has another form.'
    : [first.path.join('.'), first.message].filter(Boolean).join(': ');
