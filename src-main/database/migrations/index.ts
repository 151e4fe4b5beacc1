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
];
