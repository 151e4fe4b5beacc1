import { JobLog } from '@shared/contract/activity';
import { AlertRule, Incident } from '@shared/contract/alerts';
import { CampaignDetail } from '@shared/contract/campaigns';
import { Contact } from '@shared/contract/contacts';
import { ImportedFile, ImportNote, ImportSummary, KeptRow } from '@shared/contract/imports';
import { JobCounts, JobDetail } from '@shared/contract/queues';
import { HeldCampaign, Schedule, ScheduleInput, ScheduleRun } from '@shared/contract/schedules';
import { Health } from '@shared/contract/common';
import { BulkMessageRequest, ImportContactsRequest } from '../jobs';
import { alertPaths } from './alerts';
import { campaignPaths } from './campaigns';
import { contactPaths } from './contacts';
import { healthPaths } from './health';
import { importPaths } from './imports';
import { jobPaths } from './jobs';
import { type Json, object, schemaOf, text } from './parts';
import { schedulePaths } from './schedules';
import { webhookPaths } from './webhooks';

/** The OpenAPI 3.0 document of the REST API; its schemas come from the ones that parse the requests. */
export const createOpenApi = (version: string): Json => ({
  openapi: '3.0.3',
  info: { title: 'ADSapp Queue Console', version, description: 'Queues, imports and campaigns of ADSapp.' },
  security: [{ bearer: [] }],
  paths: {
    ...jobPaths,
    ...importPaths,
    ...schedulePaths,
    ...contactPaths,
    ...campaignPaths,
    ...healthPaths,
    ...alertPaths,
    ...webhookPaths,
  },
  components: {
    securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
    schemas: {
      BulkMessageRequest: schemaOf(BulkMessageRequest, 'input'),
      ImportContactsRequest: schemaOf(ImportContactsRequest, 'input'),
      JobCounts: schemaOf(JobCounts),
      JobLog: schemaOf(JobLog),
      Job: schemaOf(JobDetail),
      Import: schemaOf(ImportSummary),
      ImportedFile: schemaOf(ImportedFile),
      ImportNote: schemaOf(ImportNote),
      KeptRow: schemaOf(KeptRow),
      Contact: schemaOf(Contact),
      Campaign: schemaOf(CampaignDetail),
      ScheduleInput: schemaOf(ScheduleInput, 'input'),
      Schedule: schemaOf(Schedule),
      ScheduleRun: schemaOf(ScheduleRun),
      HeldCampaign: schemaOf(HeldCampaign),
      AlertRule: schemaOf(AlertRule),
      Incident: schemaOf(Incident),
      Health: schemaOf(Health),
      Problem: object(
        { success: { type: 'boolean', enum: [false] }, error: text, code: text, action: text, field: text },
        ['success', 'error', 'code'],
      ),
    },
  },
});
