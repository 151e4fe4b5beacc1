import type { ContactConditions } from '@shared/contract/audiences';

/** A condition whose value is still to be written says nothing yet. */
export const isSaid = ({ is, value }: ContactConditions['fields'][number]): boolean =>
  is === 'empty' || is === 'filled' || value.trim() !== '';
