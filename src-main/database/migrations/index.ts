import organizations from './0001_organizations.sql?raw';
import jobLogs from './0002_job_logs.sql?raw';
import imports from './0003_imports.sql?raw';
import contacts from './0004_contacts.sql?raw';
import templates from './0005_templates.sql?raw';
import sendersSettings from './0006_senders_settings.sql?raw';
import campaigns from './0007_campaigns.sql?raw';
import metricsWorkers from './0008_metrics_workers.sql?raw';
import auditLog from './0009_audit_log.sql?raw';
import supabasePrivileges from './0010_supabase_privileges.sql?raw';
import importUndo from './0011_import_undo.sql?raw';
import importSpeed from './0012_import_speed.sql?raw';
import importCorrections from './0013_import_corrections.sql?raw';
import importRules from './0014_import_rules_speed.sql?raw';
import importContinuing from './0015_import_continuing.sql?raw';
import importOverlap from './0016_import_overlap.sql?raw';
import importRounds from './0017_import_rounds.sql?raw';
import contactIndexes from './0018_contact_indexes.sql?raw';
import deliveryReports from './0019_delivery_reports.sql?raw';
import senderPace from './0020_sender_pace.sql?raw';
import audiences from './0021_audiences.sql?raw';
import templateRuns from './0022_template_runs.sql?raw';
import schedules from './0023_schedules.sql?raw';
import campaignSafety from './0024_campaign_safety.sql?raw';
import emailAttachments from './0026_email_attachments.sql?raw';
import operations from './0027_operations.sql?raw';
import deliveryIndexes from './0030_delivery_indexes.sql?raw';
import campaignProofParts from './0032_campaign_proof_parts.sql?raw';
import scheduleOverlap from './0033_schedule_overlap.sql?raw';
import savedSearches from './0035_saved_searches.sql?raw';
import engineMetrics from './0037_engine_metrics.sql?raw';
import chartSteps from './0038_chart_steps.sql?raw';
import alerts from './0040_alerts.sql?raw';
import failuresSeen from './0041_failures_seen.sql?raw';
import jobStatistics from './0042_job_statistics.sql?raw';
import heldDeliveries from './0044_held_deliveries.sql?raw';
import templateLists from './0045_template_lists.sql?raw';
import contactPhoneCheck from './0046_contact_phone_check.sql?raw';
import timedOutRuns from './0050_timed_out_runs.sql?raw';
import messagingLimits from './0051_messaging_limits.sql?raw';
import limitLookedAt from './0052_limit_looked_at.sql?raw';
import limitLooks from './0053_limit_looks.sql?raw';
import timeAtWork from './0054_time_at_work.sql?raw';
import messagingLimitAuthor from './0055_messaging_limit_author.sql?raw';
import expectedRows from './0060_expected_rows.sql?raw';
import earlierAttempts from './0061_earlier_attempts.sql?raw';
import correctionSheets from './0062_correction_sheets.sql?raw';
import removedInOrder from './0064_removed_in_order.sql?raw';
import cancelledMinutes from './0065_cancelled_minutes.sql?raw';

/** One step of the schema: plain SQL that runs unchanged on PostgreSQL 13+ and on PGlite. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
}

/**
 * Every migration in the order of application. A released one never changes (its checksum is kept in the
 * database); a change of the schema is a new file at the end of this list.
 */
export const MIGRATIONS: readonly Migration[] = [
  { name: '0001_organizations', sql: organizations },
  { name: '0002_job_logs', sql: jobLogs },
  { name: '0003_imports', sql: imports },
  { name: '0004_contacts', sql: contacts },
  { name: '0005_templates', sql: templates },
  { name: '0006_senders_settings', sql: sendersSettings },
  { name: '0007_campaigns', sql: campaigns },
  { name: '0008_metrics_workers', sql: metricsWorkers },
  { name: '0009_audit_log', sql: auditLog },
  { name: '0010_supabase_privileges', sql: supabasePrivileges },
  { name: '0011_import_undo', sql: importUndo },
  { name: '0012_import_speed', sql: importSpeed },
  { name: '0013_import_corrections', sql: importCorrections },
  { name: '0014_import_rules_speed', sql: importRules },
  { name: '0015_import_continuing', sql: importContinuing },
  { name: '0016_import_overlap', sql: importOverlap },
  { name: '0017_import_rounds', sql: importRounds },
  { name: '0018_contact_indexes', sql: contactIndexes },
  { name: '0019_delivery_reports', sql: deliveryReports },
  { name: '0020_sender_pace', sql: senderPace },
  { name: '0021_audiences', sql: audiences },
  { name: '0022_template_runs', sql: templateRuns },
  { name: '0023_schedules', sql: schedules },
  { name: '0024_campaign_safety', sql: campaignSafety },
  { name: '0026_email_attachments', sql: emailAttachments },
  { name: '0027_operations', sql: operations },
  { name: '0030_delivery_indexes', sql: deliveryIndexes },
  { name: '0032_campaign_proof_parts', sql: campaignProofParts },
  { name: '0033_schedule_overlap', sql: scheduleOverlap },
  { name: '0035_saved_searches', sql: savedSearches },
  { name: '0037_engine_metrics', sql: engineMetrics },
  { name: '0038_chart_steps', sql: chartSteps },
  { name: '0040_alerts', sql: alerts },
  { name: '0041_failures_seen', sql: failuresSeen },
  { name: '0042_job_statistics', sql: jobStatistics },
  { name: '0044_held_deliveries', sql: heldDeliveries },
  { name: '0045_template_lists', sql: templateLists },
  { name: '0046_contact_phone_check', sql: contactPhoneCheck },
  { name: '0050_timed_out_runs', sql: timedOutRuns },
  { name: '0051_messaging_limits', sql: messagingLimits },
  { name: '0052_limit_looked_at', sql: limitLookedAt },
  { name: '0053_limit_looks', sql: limitLooks },
  { name: '0054_time_at_work', sql: timeAtWork },
  { name: '0055_messaging_limit_author', sql: messagingLimitAuthor },
  { name: '0060_expected_rows', sql: expectedRows },
  { name: '0061_earlier_attempts', sql: earlierAttempts },
  { name: '0062_correction_sheets', sql: correctionSheets },
  { name: '0064_removed_in_order', sql: removedInOrder },
  { name: '0065_cancelled_minutes', sql: cancelledMinutes },
];
