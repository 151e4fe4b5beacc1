import { z } from 'zod';

/** Ids are UUIDs made by us; the brand keeps a contact's id from being used as a campaign's. */
const id = <const Name extends string>(_name: Name) => z.uuid().brand<Name>();

export const OrganizationId = id('OrganizationId');
export type OrganizationId = z.infer<typeof OrganizationId>;
export const ProfileId = id('ProfileId');
export type ProfileId = z.infer<typeof ProfileId>;
export const ContactId = id('ContactId');
export type ContactId = z.infer<typeof ContactId>;
export const ImportId = id('ImportId');
export type ImportId = z.infer<typeof ImportId>;
export const MappingId = id('MappingId');
export type MappingId = z.infer<typeof MappingId>;
export const TemplateId = id('TemplateId');
export type TemplateId = z.infer<typeof TemplateId>;
export const TemplateRunId = id('TemplateRunId');
export type TemplateRunId = z.infer<typeof TemplateRunId>;
export const CampaignId = id('CampaignId');
export type CampaignId = z.infer<typeof CampaignId>;
export const DeliveryId = id('DeliveryId');
export type DeliveryId = z.infer<typeof DeliveryId>;
export const ListId = id('ListId');
export type ListId = z.infer<typeof ListId>;
/** A message that is being written, named by the composer. */
export const DraftId = id('DraftId');
export type DraftId = z.infer<typeof DraftId>;
export const SavedSearchId = id('SavedSearchId');
export type SavedSearchId = z.infer<typeof SavedSearchId>;
export const ScheduleId = id('ScheduleId');
export type ScheduleId = z.infer<typeof ScheduleId>;
export const ScheduleRunId = id('ScheduleRunId');
export type ScheduleRunId = z.infer<typeof ScheduleRunId>;
export const AlertRuleId = id('AlertRuleId');
export type AlertRuleId = z.infer<typeof AlertRuleId>;
export const IncidentId = id('IncidentId');
export type IncidentId = z.infer<typeof IncidentId>;

/** The engine's own id of a job: BullMQ hands out numbers as text; ours may be any text without a colon. */
export const JobId = z.string().min(1).max(256).brand<'JobId'>();
export type JobId = z.infer<typeof JobId>;
