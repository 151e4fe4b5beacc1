import { z } from 'zod';
import { ContactId, ImportId } from '@shared/domain/ids';

/** What the address of the contacts screen holds. */
export const contactsSearch = z.object({
  q: z.string().max(200).optional().catch(undefined),
  tag: z.string().max(64).optional().catch(undefined),
  import: ImportId.optional().catch(undefined),
  contact: ContactId.optional().catch(undefined),
});
