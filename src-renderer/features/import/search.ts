import { z } from 'zod';
import { ImportId } from '@shared/domain/ids';

/** What the address of the import screen holds. */
export const importSearch = z.object({ id: ImportId.optional().catch(undefined) });
