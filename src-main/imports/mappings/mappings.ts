import type { Mapping, SavedMapping } from '@shared/contract/imports';
import { headerFingerprint, mappingProblems } from '@shared/domain/column-mapping';
import type { MappingId } from '@shared/domain/ids';
import { fail, notFound, ok, type AppError, type Result } from '@shared/errors';
import type { Actor } from '@shared/rpc/define';
import type { ImportsDependencies } from '../dependencies';
import { findSavedMapping, forgetMapping, listSavedMappings, saveMapping } from './repository';

/** Mappings that are applied to files with the same headers: looked at, edited, forgotten. */
export interface Mappings {
  list(actor: Actor): Promise<SavedMapping[]>;
  /** Makes the mapping of these headers, or replaces the one there is. */
  save(
    mapping: {
      readonly headers: readonly string[];
      readonly mapping: Mapping;
      readonly defaultCountry?: string | null | undefined;
    },
    actor: Actor,
  ): Promise<Result<SavedMapping>>;
  forget(mappingId: MappingId, actor: Actor): Promise<Result<Record<string, never>>>;
}

export function createMappings({
  database,
  audit,
}: Pick<ImportsDependencies, 'database' | 'audit'>): Mappings {
  return {
    list: ({ organizationId }) => listSavedMappings(database, organizationId),

    async save({ headers, mapping, defaultCountry }, actor) {
      const problem = problemOf(headers, mapping);
      if (problem !== undefined) return fail(problem);
      const fingerprint = headerFingerprint(headers);
      const options = defaultCountry === undefined ? {} : { defaultCountry };
      const { organizationId } = actor;
      await saveMapping(database, organizationId, { fingerprint, names: headers }, { mapping, options });
      const saved = await findSavedMapping(database, organizationId, fingerprint);
      if (saved === undefined) return fail(notFound('mapping', fingerprint));
      await audit({ actor, action: 'mappings.save', target: saved.id, detail: { headers, mapping } });
      return ok(saved);
    },

    async forget(mappingId, actor) {
      const headers = await forgetMapping(database, actor.organizationId, mappingId);
      if (headers === undefined) return fail(notFound('mapping', mappingId));
      await audit({ actor, action: 'mappings.forget', target: mappingId, detail: { headers } });
      return ok({});
    },
  };
}

function problemOf(headers: readonly string[], mapping: Mapping): AppError | undefined {
  if (headers.length !== mapping.length) {
    const message = `There are ${headers.length} headers and ${mapping.length} targets; each column needs one.`;
    return { code: 'invalid_input', message, issues: [{ path: 'mapping', message }] };
  }
  const issues = mappingProblems(mapping).map(({ message, columns }) => ({
    path: columns[0] === undefined ? 'mapping' : `mapping.${columns[0]}`,
    message,
  }));
  const [first] = issues;
  return first === undefined ? undefined : { code: 'invalid_input', message: first.message, issues };
}
