import type { Database } from './database';
import { transaction } from './database';

export interface DefaultOrganization {
  readonly organizationId: string;
  readonly profileId: string;
}

/** Fixed ids, so that two processes that start at the same time on an empty database agree. */
const ORGANIZATION_ID = '00000000-0000-4000-8000-000000000001';
const PROFILE_ID = '00000000-0000-4000-8000-000000000002';

/** Who the console works as until the database has said otherwise. */
export const DEFAULT_OWNER: DefaultOrganization = { organizationId: ORGANIZATION_ID, profileId: PROFILE_ID };

/** The names that belong to an organization and a profile; empty where they have none. */
export async function findOwnerNames(
  db: Database,
  { organizationId, profileId }: DefaultOrganization,
): Promise<{ organizationName: string; profileName: string }> {
  const [organization, profile] = await Promise.all([
    db.selectFrom('organizations').select('name').where('id', '=', organizationId).executeTakeFirst(),
    db.selectFrom('profiles').select('full_name').where('id', '=', profileId).executeTakeFirst(),
  ]);
  return { organizationName: organization?.name ?? '', profileName: profile?.full_name ?? '' };
}

/**
 * The organization and the profile that this console works as: the oldest ones there are, or new ones on
 * the first start. Calling it again changes nothing.
 */
export function ensureDefaultOrganization(
  db: Database,
  names: { readonly organization: string; readonly profile: string } = {
    organization: 'My organization',
    profile: 'Console',
  },
): Promise<DefaultOrganization> {
  return transaction(db, async (trx) => {
    const oldest = await trx
      .selectFrom('organizations')
      .select('id')
      .orderBy('created_at')
      .orderBy('id')
      .limit(1)
      .executeTakeFirst();
    const organizationId = oldest?.id ?? ORGANIZATION_ID;
    if (oldest === undefined) {
      await trx
        .insertInto('organizations')
        .values({ id: organizationId, name: names.organization })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute();
    }
    const profile = await trx
      .selectFrom('profiles')
      .select('id')
      .where('organization_id', '=', organizationId)
      .orderBy('created_at')
      .orderBy('id')
      .limit(1)
      .executeTakeFirst();
    if (profile !== undefined) return { organizationId, profileId: profile.id };
    await trx
      .insertInto('profiles')
      .values({ id: PROFILE_ID, organization_id: organizationId, full_name: names.profile })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute();
    return { organizationId, profileId: PROFILE_ID };
  });
}
