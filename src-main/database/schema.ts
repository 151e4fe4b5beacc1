import type { ColumnType, Generated, GeneratedAlways } from 'kysely';

// Generated from the migrated database by schema.int.test.ts. After a new migration run
// `npx vitest run -c .config/vitest.config.ts --project integration src-main/database/schema.int.test.ts -u`.

/** A point in time; ISO text is accepted when writing. */
type Timestamp = ColumnType<Date, Date | string, Date | string>;
type TimestampWithDefault = ColumnType<Date, Date | string | undefined, Date | string>;
type NullableTimestamp = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;

/** Written as JSON text (JSON.stringify), read as parsed JSON that the repository has yet to check. */
type Json = ColumnType<unknown, string, string>;
type JsonWithDefault = ColumnType<unknown, string | undefined, string>;
type NullableJson = ColumnType<unknown, string | null | undefined, string | null>;

export type AlertIncidentsResolution = 'cleared' | 'rule';
export type AlertIncidentsSeverity = 'critical' | 'warning' | 'info';
export type AlertRulesSeverity = 'critical' | 'warning' | 'info';
export type CampaignsChannel = 'whatsapp' | 'email';
export type CampaignsPurpose = 'send' | 'test';
export type CampaignsState =
  'draft' | 'scheduled' | 'launching' | 'running' | 'paused' | 'completed' | 'cancelled' | 'failed';
export type DeliveriesState =
  | 'pending'
  | 'sending'
  | 'accepted'
  | 'sent'
  | 'delivered'
  | 'read'
  | 'failed'
  | 'retry_wait'
  | 'unknown'
  | 'skipped'
  | 'cancelled';
export type EmailBatchesState = 'frozen' | 'sending' | 'sent' | 'failed' | 'unknown';
export type ImportRowsKeptBecause = 'changed' | 'imported-again' | 'gone';
export type ImportRowsState = 'staged' | 'inserted' | 'updated' | 'skipped' | 'rejected' | 'excluded';
export type ImportsSource = 'file' | 'api';
export type ImportsState =
  'draft' | 'staging' | 'ready' | 'running' | 'paused' | 'completed' | 'cancelled' | 'failed';
export type JobOperationsState = 'held' | 'running' | 'watching' | 'completed' | 'cancelled' | 'stopped';
export type JobOperationsVia = 'desktop' | 'browser' | 'rest' | 'system';
export type JobSchedulesOverlap = 'skip' | 'queue';
export type RecipientListsSource = 'pasted' | 'file';
export type ScheduleRunsCause = 'schedule' | 'operator';
export type ScheduleRunsState = 'due' | 'overdue' | 'running' | 'succeeded' | 'failed' | 'skipped';
export type SendersChannel = 'whatsapp' | 'email';
export type SendersProvider = 'whatsapp' | 'resend' | 'sandbox';
export type SendersState = 'active' | 'paused';
export type SuppressionsChannel = 'whatsapp' | 'email';
export type TemplateRunsState = 'running' | 'completed' | 'cancelled' | 'failed';
export type TemplateVersionsMessageType =
  'text' | 'image' | 'video' | 'document' | 'audio' | 'template' | 'email';
export type TemplatesChannel = 'whatsapp' | 'email';

export interface AlertIncidentsTable {
  id: string;
  organization_id: string;
  rule_id: string;
  rule_name: string;
  kind: string;
  severity: AlertIncidentsSeverity;
  notify: boolean;
  subject: Json;
  subject_key: string;
  threshold: number;
  value: number | null;
  peak: number;
  detail: string | null;
  began_at: Timestamp;
  opened_at: Timestamp;
  confirmed_at: Timestamp;
  confirmed_by: string;
  told_at: NullableTimestamp;
  resolved_at: NullableTimestamp;
  resolution: AlertIncidentsResolution | null;
  acknowledged_at: NullableTimestamp;
  acknowledged_by: string | null;
  snoozed_until: NullableTimestamp;
  notes: JsonWithDefault;
}

export interface AlertRulesTable {
  id: Generated<string>;
  organization_id: string;
  preset: string | null;
  name: string;
  enabled: Generated<boolean>;
  condition: Json;
  for_seconds: number;
  severity: AlertRulesSeverity;
  notify: boolean;
  removed_at: NullableTimestamp;
  created_at: TimestampWithDefault;
  updated_at: TimestampWithDefault;
}

export interface AuditLogTable {
  organization_id: string;
  seq: Generated<number>;
  actor: string;
  action: string;
  target: string | null;
  detail: JsonWithDefault;
  created_at: TimestampWithDefault;
  prev_hash: Generated<string>;
  hash: Generated<string>;
}

export interface CampaignsTable {
  id: Generated<string>;
  organization_id: string;
  name: string;
  channel: CampaignsChannel;
  sender_id: string | null;
  template_version_id: string | null;
  message: Json;
  audience: Json;
  state: Generated<CampaignsState>;
  pause_reason: string | null;
  priority: Generated<number>;
  scheduled_at: NullableTimestamp;
  frozen_at: NullableTimestamp;
  content_hash: string | null;
  total_recipients: Generated<number>;
  batch_count: Generated<number>;
  totals: JsonWithDefault;
  job_id: string | null;
  error: NullableJson;
  created_by: string | null;
  started_at: NullableTimestamp;
  completed_at: NullableTimestamp;
  created_at: TimestampWithDefault;
  updated_at: TimestampWithDefault;
  totals_stale: Generated<boolean>;
  content_hash_version: Generated<number>;
  purpose: Generated<CampaignsPurpose>;
  quiet_hours: NullableJson;
  canary_recipients: number | null;
  canary_batches: number | null;
  canary_released_at: NullableTimestamp;
  resumed_at: NullableTimestamp;
  stop_at_failure_share: number | null;
  content_hash_parts: NullableJson;
  due_seen_at: NullableTimestamp;
  portfolio_limit: number | null;
  timed_out_runs: Generated<number>;
  timed_out_at: NullableTimestamp;
  timed_out_after_ms: number | null;
  limit_looked_at: NullableTimestamp;
  limit_look_owner: string | null;
  limit_look_until: NullableTimestamp;
}

export interface ContactsTable {
  id: Generated<string>;
  organization_id: string;
  phone: string;
  name: string | null;
  email: string | null;
  tags: Generated<string[]>;
  custom_fields: JsonWithDefault;
  opted_out_at: NullableTimestamp;
  import_id: string | null;
  created_at: TimestampWithDefault;
  updated_at: TimestampWithDefault;
}

export interface ConversationsTable {
  organization_id: string;
  sender_address: string;
  phone: string;
  last_inbound_at: Timestamp;
}

export interface DeliveriesTable {
  id: Generated<string>;
  organization_id: string;
  campaign_id: string;
  contact_id: string | null;
  recipient: string;
  parameters: JsonWithDefault;
  rendered: string | null;
  batch_no: number;
  state: Generated<DeliveriesState>;
  attempts: Generated<number>;
  next_attempt_at: NullableTimestamp;
  claimed_by: string | null;
  alive_until: NullableTimestamp;
  idempotency_key: string | null;
  provider_message_id: string | null;
  error_code: string | null;
  error_kind: string | null;
  error_message: string | null;
  sending_at: NullableTimestamp;
  accepted_at: NullableTimestamp;
  sent_at: NullableTimestamp;
  delivered_at: NullableTimestamp;
  read_at: NullableTimestamp;
  failed_at: NullableTimestamp;
  created_at: TimestampWithDefault;
  updated_at: TimestampWithDefault;
  waits_for: string | null;
  earlier_attempts: Generated<number>;
}

export interface DeliveryEventsTable {
  id: GeneratedAlways<number>;
  organization_id: string;
  delivery_id: string;
  event: string;
  dedupe_key: string | null;
  detail: JsonWithDefault;
  occurred_at: TimestampWithDefault;
  recorded_at: TimestampWithDefault;
}

export interface EmailAttachmentPartsTable {
  organization_id: string;
  sha256: string;
  part_no: number;
  content: Buffer;
}

export interface EmailAttachmentsTable {
  organization_id: string;
  sha256: string;
  size_bytes: number;
  created_at: TimestampWithDefault;
}

export interface EmailBatchesTable {
  id: Generated<string>;
  organization_id: string;
  campaign_id: string | null;
  job_id: string | null;
  batch_no: Generated<number>;
  idempotency_key: string;
  delivery_ids: Generated<string[]>;
  payload_hash: string;
  state: Generated<EmailBatchesState>;
  attempts: Generated<number>;
  response: NullableJson;
  error: NullableJson;
  sent_at: NullableTimestamp;
  created_at: TimestampWithDefault;
  updated_at: TimestampWithDefault;
}

export interface EngineMetricsTable {
  organization_id: string;
  engine: string;
  minute: Timestamp;
  latency_ms: number | null;
  longest_ms: number | null;
  memory_bytes: number | null;
  storage_bytes: number | null;
  clients: number | null;
}

export interface FailuresSeenTable {
  organization_id: string;
  user_id: string;
  queue_name: string;
  seen_at: Timestamp;
}

export interface ImportCorrectionsTable {
  import_id: string;
  position: number;
  correction: Json;
  created_at: TimestampWithDefault;
  sheet: string;
}

export interface ImportRowsTable {
  import_id: string;
  row_no: number;
  organization_id: string;
  state: Generated<ImportRowsState>;
  phone: string | null;
  name: string | null;
  email: string | null;
  tags: Generated<string[]>;
  custom_fields: JsonWithDefault;
  opt_out: Generated<boolean>;
  cells: NullableJson;
  reasons: NullableJson;
  contact_id: string | null;
  before_image: NullableJson;
  duplicate_of_row: number | null;
  kept_because: ImportRowsKeptBecause | null;
  only_import_tags: Generated<boolean>;
  continued_at: NullableTimestamp;
}

export interface ImportsTable {
  id: Generated<string>;
  organization_id: string;
  source: Generated<ImportsSource>;
  file_name: string;
  file_size: Generated<number>;
  file_sha256: string | null;
  file_format: string | null;
  state: Generated<ImportsState>;
  sheet: string | null;
  header_row: number | null;
  mapping: JsonWithDefault;
  options: JsonWithDefault;
  rows_read: Generated<number>;
  rows_inserted: Generated<number>;
  rows_updated: Generated<number>;
  rows_skipped: Generated<number>;
  rows_rejected: Generated<number>;
  checkpoint: Generated<number>;
  error: NullableJson;
  job_id: string | null;
  created_by: string | null;
  started_at: NullableTimestamp;
  finished_at: NullableTimestamp;
  undone_at: NullableTimestamp;
  created_at: TimestampWithDefault;
  updated_at: TimestampWithDefault;
  undo_started_at: NullableTimestamp;
  undo_checkpoint: Generated<number>;
  undo_removed: Generated<number>;
  undo_restored: Generated<number>;
  undo_kept: Generated<number>;
  rows_excluded: Generated<number>;
  continues_import_id: string | null;
  rounds: Generated<number>;
  continued_at: NullableTimestamp;
  staged_at: NullableTimestamp;
  earlier_rounds: JsonWithDefault;
  rows_expected: number | null;
}

export interface JobLogDaysTable {
  organization_id: string;
  day: string;
  jobs: number;
  summary: Json;
  computed_at: TimestampWithDefault;
  cleaned: Generated<boolean>;
}

export interface JobLogDaysChangedTable {
  organization_id: string;
  day: string;
}

export interface JobLogsTable {
  id: Generated<string>;
  job_id: string;
  job_type: string;
  organization_id: string | null;
  user_id: string | null;
  status: string;
  result: NullableJson;
  error_details: NullableJson;
  started_at: NullableTimestamp;
  completed_at: NullableTimestamp;
  created_at: NullableTimestamp;
  queue_name: string | null;
  job_name: string | null;
  priority: number | null;
  attempts_made: Generated<number>;
  attempts_allowed: number | null;
  worker: string | null;
  history: JsonWithDefault;
  duration_ms: number | null;
  worked_ms: number | null;
}

export interface JobOperationLeftTable {
  organization_id: string;
  operation_id: string;
  queue: string;
  job_id: string;
  why: string;
}

export interface JobOperationsTable {
  id: Generated<string>;
  organization_id: string;
  action: Json;
  filter: Json;
  reason: string;
  rate: number | null;
  state: JobOperationsState;
  total: Generated<number>;
  done: Generated<number>;
  canary: NullableJson;
  proceed: Generated<boolean>;
  cancel_requested: Generated<boolean>;
  problem: string | null;
  started_by: string | null;
  via: JobOperationsVia;
  claimed_by: string | null;
  claimed_until: NullableTimestamp;
  hold_until: NullableTimestamp;
  created_at: TimestampWithDefault;
  started_at: NullableTimestamp;
  ended_at: NullableTimestamp;
  pace_from: NullableTimestamp;
  pace_done: Generated<number>;
}

export interface JobSchedulesTable {
  id: Generated<string>;
  organization_id: string | null;
  user_id: string | null;
  job_type: string;
  job_name: string;
  job_data: Json;
  schedule_type: string;
  schedule_config: Json;
  next_run_at: NullableTimestamp;
  last_run_at: NullableTimestamp;
  is_active: Generated<boolean | null>;
  created_at: NullableTimestamp;
  queue_name: string | null;
  run_count: Generated<number>;
  last_error: NullableJson;
  updated_at: TimestampWithDefault;
  name: string | null;
  grace_minutes: Generated<number>;
  removed_at: NullableTimestamp;
  overlap: Generated<JobSchedulesOverlap>;
}

export interface MessagingLimitsTable {
  organization_id: string;
  people: number | null;
  updated_at: TimestampWithDefault;
  changed_by: string | null;
}

export interface OrganizationsTable {
  id: Generated<string>;
  name: string;
  created_at: TimestampWithDefault;
}

export interface ProfilesTable {
  id: Generated<string>;
  organization_id: string | null;
  email: string | null;
  full_name: string | null;
  created_at: TimestampWithDefault;
}

export interface QueueMetricsTable {
  organization_id: string;
  queue_name: string;
  job_name: Generated<string>;
  minute: Timestamp;
  completed: Generated<number>;
  failed: Generated<number>;
  wait_histogram: Generated<number[]>;
  run_histogram: Generated<number[]>;
  wait_ms_total: Generated<number>;
  run_ms_total: Generated<number>;
  wait_ms_max: Generated<number>;
  run_ms_max: Generated<number>;
  backlog: number | null;
  active: number | null;
  delayed: number | null;
  oldest_ms: number | null;
  watched_seconds: Generated<number>;
  cancelled: Generated<number>;
}

export interface QueueMetricsStepsTable {
  organization_id: string;
  step_seconds: number;
  queue_name: string;
  job_name: string;
  begins: Timestamp;
  completed: number;
  failed: number;
  wait_histogram: number[];
  run_histogram: number[];
  backlog: number | null;
  active: number | null;
  delayed: number | null;
  oldest_ms: number | null;
  watched_seconds: number;
  cancelled: Generated<number>;
}

export interface RecipientListEntriesTable {
  list_id: string;
  position: number;
  written: string;
  phone: string | null;
  email: string | null;
  name: string | null;
  given: JsonWithDefault;
  problem: string | null;
}

export interface RecipientListsTable {
  id: Generated<string>;
  organization_id: string;
  source: RecipientListsSource;
  name: string;
  fields: Generated<string[]>;
  created_by: string | null;
  created_at: TimestampWithDefault;
}

export interface RecipientMendsTable {
  organization_id: string;
  draft_id: string;
  recipient: string;
  given: JsonWithDefault;
  left_out: Generated<boolean>;
  updated_at: TimestampWithDefault;
}

export interface RemovedJobsTable {
  organization_id: string;
  operation_id: string;
  queue: string;
  job_id: string;
  state: string;
  engine: string;
  content: string;
  removed: Generated<boolean>;
  final: string | null;
  restored_at: NullableTimestamp;
  kept_until: Timestamp;
  place: GeneratedAlways<number>;
}

export interface SavedMappingsTable {
  id: Generated<string>;
  organization_id: string;
  header_fingerprint: string;
  headers: JsonWithDefault;
  mapping: Json;
  options: JsonWithDefault;
  use_count: Generated<number>;
  created_at: TimestampWithDefault;
  updated_at: TimestampWithDefault;
  used_at: NullableTimestamp;
}

export interface SavedSearchesTable {
  id: Generated<string>;
  organization_id: string;
  user_id: string;
  name: string;
  query: string;
  created_at: TimestampWithDefault;
}

export interface ScheduleRunsTable {
  id: Generated<string>;
  organization_id: string;
  schedule_id: string;
  due_at: Timestamp;
  cause: ScheduleRunsCause;
  state: ScheduleRunsState;
  missed: Generated<number>;
  steps: Json;
  problem: string | null;
  begun_at: NullableTimestamp;
  ended_at: NullableTimestamp;
  decided_at: NullableTimestamp;
  decided_by: string | null;
  created_at: TimestampWithDefault;
  released_at: NullableTimestamp;
}

export interface SendersTable {
  id: Generated<string>;
  organization_id: string;
  channel: SendersChannel;
  provider: SendersProvider;
  address: string;
  name: string;
  state: Generated<SendersState>;
  pause_reason: string | null;
  pause_error_code: string | null;
  paused_at: NullableTimestamp;
  paused_until: NullableTimestamp;
  rate_per_second: number | null;
  burst: number | null;
  created_at: TimestampWithDefault;
  updated_at: TimestampWithDefault;
  default_per_second: number | null;
}

export interface SettingsTable {
  organization_id: string;
  key: string;
  value: Json;
  updated_by: string | null;
  updated_at: TimestampWithDefault;
}

export interface SuppressionsTable {
  id: Generated<string>;
  organization_id: string;
  channel: SuppressionsChannel;
  address: string;
  reason: string;
  detail: JsonWithDefault;
  until: NullableTimestamp;
  created_by: string | null;
  created_at: TimestampWithDefault;
}

export interface TemplateResultsTable {
  run_id: string;
  position: number;
  contact_id: string | null;
  recipient: string | null;
  name: string | null;
  subject: string | null;
  rendered: string | null;
  length: Generated<number>;
  missing: Generated<string[]>;
  problems: Generated<string[]>;
}

export interface TemplateRunBatchesTable {
  run_id: string;
  batch_no: number;
  first_position: number;
  contact_ids: string[];
  done: Generated<number>;
  problems: JsonWithDefault;
  missing: JsonWithDefault;
  listed: NullableJson;
}

export interface TemplateRunsTable {
  id: Generated<string>;
  organization_id: string;
  template_id: string;
  version: number;
  audience: Json;
  contacts: Generated<number>;
  state: Generated<TemplateRunsState>;
  problem: string | null;
  created_by: string | null;
  created_at: TimestampWithDefault;
  finished_at: NullableTimestamp;
}

export interface TemplateVersionsTable {
  id: Generated<string>;
  organization_id: string;
  template_id: string;
  version: number;
  message_type: TemplateVersionsMessageType;
  subject: string | null;
  body: Generated<string>;
  body_html: string | null;
  content: JsonWithDefault;
  variables: Generated<string[]>;
  content_hash: string;
  created_by: string | null;
  created_at: TimestampWithDefault;
  restored_from: number | null;
}

export interface TemplatesTable {
  id: Generated<string>;
  organization_id: string;
  channel: TemplatesChannel;
  name: string;
  description: string | null;
  current_version: Generated<number>;
  archived_at: NullableTimestamp;
  created_by: string | null;
  created_at: TimestampWithDefault;
  updated_at: TimestampWithDefault;
}

export interface WorkerHostsTable {
  id: string;
  organization_id: string | null;
  host: string;
  pid: number;
  version: string | null;
  queues: JsonWithDefault;
  started_at: TimestampWithDefault;
  last_seen_at: TimestampWithDefault;
  stopped_at: NullableTimestamp;
}

/** Every table of the schema `public`. */
export interface Schema {
  alert_incidents: AlertIncidentsTable;
  alert_rules: AlertRulesTable;
  audit_log: AuditLogTable;
  campaigns: CampaignsTable;
  contacts: ContactsTable;
  conversations: ConversationsTable;
  deliveries: DeliveriesTable;
  delivery_events: DeliveryEventsTable;
  email_attachment_parts: EmailAttachmentPartsTable;
  email_attachments: EmailAttachmentsTable;
  email_batches: EmailBatchesTable;
  engine_metrics: EngineMetricsTable;
  failures_seen: FailuresSeenTable;
  import_corrections: ImportCorrectionsTable;
  import_rows: ImportRowsTable;
  imports: ImportsTable;
  job_log_days: JobLogDaysTable;
  job_log_days_changed: JobLogDaysChangedTable;
  job_logs: JobLogsTable;
  job_operation_left: JobOperationLeftTable;
  job_operations: JobOperationsTable;
  job_schedules: JobSchedulesTable;
  messaging_limits: MessagingLimitsTable;
  organizations: OrganizationsTable;
  profiles: ProfilesTable;
  queue_metrics: QueueMetricsTable;
  queue_metrics_steps: QueueMetricsStepsTable;
  recipient_list_entries: RecipientListEntriesTable;
  recipient_lists: RecipientListsTable;
  recipient_mends: RecipientMendsTable;
  removed_jobs: RemovedJobsTable;
  saved_mappings: SavedMappingsTable;
  saved_searches: SavedSearchesTable;
  schedule_runs: ScheduleRunsTable;
  senders: SendersTable;
  settings: SettingsTable;
  suppressions: SuppressionsTable;
  template_results: TemplateResultsTable;
  template_run_batches: TemplateRunBatchesTable;
  template_runs: TemplateRunsTable;
  template_versions: TemplateVersionsTable;
  templates: TemplatesTable;
  worker_hosts: WorkerHostsTable;
}

/** The SQL type of every column that can be written. */
export const COLUMN_TYPES = {
  alert_incidents: {
    id: 'uuid',
    organization_id: 'uuid',
    rule_id: 'uuid',
    rule_name: 'text',
    kind: 'text',
    severity: 'text',
    notify: 'bool',
    subject: 'jsonb',
    subject_key: 'text',
    threshold: 'float8',
    value: 'float8',
    peak: 'float8',
    detail: 'text',
    began_at: 'timestamptz',
    opened_at: 'timestamptz',
    confirmed_at: 'timestamptz',
    confirmed_by: 'text',
    told_at: 'timestamptz',
    resolved_at: 'timestamptz',
    resolution: 'text',
    acknowledged_at: 'timestamptz',
    acknowledged_by: 'uuid',
    snoozed_until: 'timestamptz',
    notes: 'jsonb',
  },
  alert_rules: {
    id: 'uuid',
    organization_id: 'uuid',
    preset: 'text',
    name: 'text',
    enabled: 'bool',
    condition: 'jsonb',
    for_seconds: 'int4',
    severity: 'text',
    notify: 'bool',
    removed_at: 'timestamptz',
    created_at: 'timestamptz',
    updated_at: 'timestamptz',
  },
  audit_log: {
    organization_id: 'uuid',
    seq: 'int8',
    actor: 'text',
    action: 'text',
    target: 'text',
    detail: 'jsonb',
    created_at: 'timestamptz',
    prev_hash: 'text',
    hash: 'text',
  },
  campaigns: {
    id: 'uuid',
    organization_id: 'uuid',
    name: 'text',
    channel: 'text',
    sender_id: 'uuid',
    template_version_id: 'uuid',
    message: 'jsonb',
    audience: 'jsonb',
    state: 'text',
    pause_reason: 'text',
    priority: 'int4',
    scheduled_at: 'timestamptz',
    frozen_at: 'timestamptz',
    content_hash: 'text',
    total_recipients: 'int4',
    batch_count: 'int4',
    totals: 'jsonb',
    job_id: 'text',
    error: 'jsonb',
    created_by: 'uuid',
    started_at: 'timestamptz',
    completed_at: 'timestamptz',
    created_at: 'timestamptz',
    updated_at: 'timestamptz',
    totals_stale: 'bool',
    content_hash_version: 'int4',
    purpose: 'text',
    quiet_hours: 'jsonb',
    canary_recipients: 'int4',
    canary_batches: 'int4',
    canary_released_at: 'timestamptz',
    resumed_at: 'timestamptz',
    stop_at_failure_share: 'float8',
    content_hash_parts: 'jsonb',
    due_seen_at: 'timestamptz',
    portfolio_limit: 'int4',
    timed_out_runs: 'int4',
    timed_out_at: 'timestamptz',
    timed_out_after_ms: 'int4',
    limit_looked_at: 'timestamptz',
    limit_look_owner: 'uuid',
    limit_look_until: 'timestamptz',
  },
  contacts: {
    id: 'uuid',
    organization_id: 'uuid',
    phone: 'text',
    name: 'text',
    email: 'text',
    tags: 'text[]',
    custom_fields: 'jsonb',
    opted_out_at: 'timestamptz',
    import_id: 'uuid',
    created_at: 'timestamptz',
    updated_at: 'timestamptz',
  },
  conversations: {
    organization_id: 'uuid',
    sender_address: 'text',
    phone: 'text',
    last_inbound_at: 'timestamptz',
  },
  deliveries: {
    id: 'uuid',
    organization_id: 'uuid',
    campaign_id: 'uuid',
    contact_id: 'uuid',
    recipient: 'text',
    parameters: 'jsonb',
    rendered: 'text',
    batch_no: 'int4',
    state: 'text',
    attempts: 'int4',
    next_attempt_at: 'timestamptz',
    claimed_by: 'text',
    alive_until: 'timestamptz',
    idempotency_key: 'text',
    provider_message_id: 'text',
    error_code: 'text',
    error_kind: 'text',
    error_message: 'text',
    sending_at: 'timestamptz',
    accepted_at: 'timestamptz',
    sent_at: 'timestamptz',
    delivered_at: 'timestamptz',
    read_at: 'timestamptz',
    failed_at: 'timestamptz',
    created_at: 'timestamptz',
    updated_at: 'timestamptz',
    waits_for: 'text',
    earlier_attempts: 'int4',
  },
  delivery_events: {
    organization_id: 'uuid',
    delivery_id: 'uuid',
    event: 'text',
    dedupe_key: 'text',
    detail: 'jsonb',
    occurred_at: 'timestamptz',
    recorded_at: 'timestamptz',
  },
  email_attachment_parts: {
    organization_id: 'uuid',
    sha256: 'text',
    part_no: 'int4',
    content: 'bytea',
  },
  email_attachments: {
    organization_id: 'uuid',
    sha256: 'text',
    size_bytes: 'int4',
    created_at: 'timestamptz',
  },
  email_batches: {
    id: 'uuid',
    organization_id: 'uuid',
    campaign_id: 'uuid',
    job_id: 'text',
    batch_no: 'int4',
    idempotency_key: 'text',
    delivery_ids: 'uuid[]',
    payload_hash: 'text',
    state: 'text',
    attempts: 'int4',
    response: 'jsonb',
    error: 'jsonb',
    sent_at: 'timestamptz',
    created_at: 'timestamptz',
    updated_at: 'timestamptz',
  },
  engine_metrics: {
    organization_id: 'uuid',
    engine: 'text',
    minute: 'timestamptz',
    latency_ms: 'float8',
    longest_ms: 'float8',
    memory_bytes: 'int8',
    storage_bytes: 'int8',
    clients: 'int4',
  },
  failures_seen: {
    organization_id: 'uuid',
    user_id: 'uuid',
    queue_name: 'text',
    seen_at: 'timestamptz',
  },
  import_corrections: {
    import_id: 'uuid',
    position: 'int4',
    correction: 'jsonb',
    created_at: 'timestamptz',
    sheet: 'text',
  },
  import_rows: {
    import_id: 'uuid',
    row_no: 'int4',
    organization_id: 'uuid',
    state: 'text',
    phone: 'text',
    name: 'text',
    email: 'text',
    tags: 'text[]',
    custom_fields: 'jsonb',
    opt_out: 'bool',
    cells: 'jsonb',
    reasons: 'jsonb',
    contact_id: 'uuid',
    before_image: 'jsonb',
    duplicate_of_row: 'int4',
    kept_because: 'text',
    only_import_tags: 'bool',
    continued_at: 'timestamptz',
  },
  imports: {
    id: 'uuid',
    organization_id: 'uuid',
    source: 'text',
    file_name: 'text',
    file_size: 'int8',
    file_sha256: 'text',
    file_format: 'text',
    state: 'text',
    sheet: 'text',
    header_row: 'int4',
    mapping: 'jsonb',
    options: 'jsonb',
    rows_read: 'int4',
    rows_inserted: 'int4',
    rows_updated: 'int4',
    rows_skipped: 'int4',
    rows_rejected: 'int4',
    checkpoint: 'int4',
    error: 'jsonb',
    job_id: 'text',
    created_by: 'uuid',
    started_at: 'timestamptz',
    finished_at: 'timestamptz',
    undone_at: 'timestamptz',
    created_at: 'timestamptz',
    updated_at: 'timestamptz',
    undo_started_at: 'timestamptz',
    undo_checkpoint: 'int4',
    undo_removed: 'int4',
    undo_restored: 'int4',
    undo_kept: 'int4',
    rows_excluded: 'int4',
    continues_import_id: 'uuid',
    rounds: 'int4',
    continued_at: 'timestamptz',
    staged_at: 'timestamptz',
    earlier_rounds: 'jsonb',
    rows_expected: 'int4',
  },
  job_log_days: {
    organization_id: 'uuid',
    day: 'date',
    jobs: 'int4',
    summary: 'jsonb',
    computed_at: 'timestamptz',
    cleaned: 'bool',
  },
  job_log_days_changed: {
    organization_id: 'uuid',
    day: 'date',
  },
  job_logs: {
    id: 'uuid',
    job_id: 'text',
    job_type: 'text',
    organization_id: 'uuid',
    user_id: 'uuid',
    status: 'text',
    result: 'jsonb',
    error_details: 'jsonb',
    started_at: 'timestamptz',
    completed_at: 'timestamptz',
    created_at: 'timestamptz',
    queue_name: 'text',
    job_name: 'text',
    priority: 'int4',
    attempts_made: 'int4',
    attempts_allowed: 'int4',
    worker: 'text',
    history: 'jsonb',
    duration_ms: 'int8',
    worked_ms: 'int8',
  },
  job_operation_left: {
    organization_id: 'uuid',
    operation_id: 'uuid',
    queue: 'text',
    job_id: 'text',
    why: 'text',
  },
  job_operations: {
    id: 'uuid',
    organization_id: 'uuid',
    action: 'jsonb',
    filter: 'jsonb',
    reason: 'text',
    rate: 'float8',
    state: 'text',
    total: 'int8',
    done: 'int8',
    canary: 'jsonb',
    proceed: 'bool',
    cancel_requested: 'bool',
    problem: 'text',
    started_by: 'uuid',
    via: 'text',
    claimed_by: 'uuid',
    claimed_until: 'timestamptz',
    hold_until: 'timestamptz',
    created_at: 'timestamptz',
    started_at: 'timestamptz',
    ended_at: 'timestamptz',
    pace_from: 'timestamptz',
    pace_done: 'int8',
  },
  job_schedules: {
    id: 'uuid',
    organization_id: 'uuid',
    user_id: 'uuid',
    job_type: 'text',
    job_name: 'text',
    job_data: 'jsonb',
    schedule_type: 'text',
    schedule_config: 'jsonb',
    next_run_at: 'timestamptz',
    last_run_at: 'timestamptz',
    is_active: 'bool',
    created_at: 'timestamptz',
    queue_name: 'text',
    run_count: 'int4',
    last_error: 'jsonb',
    updated_at: 'timestamptz',
    name: 'text',
    grace_minutes: 'int4',
    removed_at: 'timestamptz',
    overlap: 'text',
  },
  messaging_limits: {
    organization_id: 'uuid',
    people: 'int4',
    updated_at: 'timestamptz',
    changed_by: 'uuid',
  },
  organizations: {
    id: 'uuid',
    name: 'text',
    created_at: 'timestamptz',
  },
  profiles: {
    id: 'uuid',
    organization_id: 'uuid',
    email: 'text',
    full_name: 'text',
    created_at: 'timestamptz',
  },
  queue_metrics: {
    organization_id: 'uuid',
    queue_name: 'text',
    job_name: 'text',
    minute: 'timestamptz',
    completed: 'int4',
    failed: 'int4',
    wait_histogram: 'int4[]',
    run_histogram: 'int4[]',
    wait_ms_total: 'int8',
    run_ms_total: 'int8',
    wait_ms_max: 'int4',
    run_ms_max: 'int4',
    backlog: 'int4',
    active: 'int4',
    delayed: 'int4',
    oldest_ms: 'int8',
    watched_seconds: 'int4',
    cancelled: 'int4',
  },
  queue_metrics_steps: {
    organization_id: 'uuid',
    step_seconds: 'int4',
    queue_name: 'text',
    job_name: 'text',
    begins: 'timestamptz',
    completed: 'int8',
    failed: 'int8',
    wait_histogram: 'int4[]',
    run_histogram: 'int4[]',
    backlog: 'int4',
    active: 'int4',
    delayed: 'int4',
    oldest_ms: 'int8',
    watched_seconds: 'int4',
    cancelled: 'int8',
  },
  recipient_list_entries: {
    list_id: 'uuid',
    position: 'int4',
    written: 'text',
    phone: 'text',
    email: 'text',
    name: 'text',
    given: 'jsonb',
    problem: 'text',
  },
  recipient_lists: {
    id: 'uuid',
    organization_id: 'uuid',
    source: 'text',
    name: 'text',
    fields: 'text[]',
    created_by: 'uuid',
    created_at: 'timestamptz',
  },
  recipient_mends: {
    organization_id: 'uuid',
    draft_id: 'uuid',
    recipient: 'text',
    given: 'jsonb',
    left_out: 'bool',
    updated_at: 'timestamptz',
  },
  removed_jobs: {
    organization_id: 'uuid',
    operation_id: 'uuid',
    queue: 'text',
    job_id: 'text',
    state: 'text',
    engine: 'text',
    content: 'text',
    removed: 'bool',
    final: 'text',
    restored_at: 'timestamptz',
    kept_until: 'timestamptz',
  },
  saved_mappings: {
    id: 'uuid',
    organization_id: 'uuid',
    header_fingerprint: 'text',
    headers: 'jsonb',
    mapping: 'jsonb',
    options: 'jsonb',
    use_count: 'int4',
    created_at: 'timestamptz',
    updated_at: 'timestamptz',
    used_at: 'timestamptz',
  },
  saved_searches: {
    id: 'uuid',
    organization_id: 'uuid',
    user_id: 'uuid',
    name: 'text',
    query: 'text',
    created_at: 'timestamptz',
  },
  schedule_runs: {
    id: 'uuid',
    organization_id: 'uuid',
    schedule_id: 'uuid',
    due_at: 'timestamptz',
    cause: 'text',
    state: 'text',
    missed: 'int4',
    steps: 'jsonb',
    problem: 'text',
    begun_at: 'timestamptz',
    ended_at: 'timestamptz',
    decided_at: 'timestamptz',
    decided_by: 'uuid',
    created_at: 'timestamptz',
    released_at: 'timestamptz',
  },
  senders: {
    id: 'uuid',
    organization_id: 'uuid',
    channel: 'text',
    provider: 'text',
    address: 'text',
    name: 'text',
    state: 'text',
    pause_reason: 'text',
    pause_error_code: 'text',
    paused_at: 'timestamptz',
    paused_until: 'timestamptz',
    rate_per_second: 'float8',
    burst: 'int4',
    created_at: 'timestamptz',
    updated_at: 'timestamptz',
    default_per_second: 'float8',
  },
  settings: {
    organization_id: 'uuid',
    key: 'text',
    value: 'jsonb',
    updated_by: 'uuid',
    updated_at: 'timestamptz',
  },
  suppressions: {
    id: 'uuid',
    organization_id: 'uuid',
    channel: 'text',
    address: 'text',
    reason: 'text',
    detail: 'jsonb',
    until: 'timestamptz',
    created_by: 'uuid',
    created_at: 'timestamptz',
  },
  template_results: {
    run_id: 'uuid',
    position: 'int4',
    contact_id: 'uuid',
    recipient: 'text',
    name: 'text',
    subject: 'text',
    rendered: 'text',
    length: 'int4',
    missing: 'text[]',
    problems: 'text[]',
  },
  template_run_batches: {
    run_id: 'uuid',
    batch_no: 'int4',
    first_position: 'int4',
    contact_ids: 'uuid[]',
    done: 'int4',
    problems: 'jsonb',
    missing: 'jsonb',
    listed: 'jsonb',
  },
  template_runs: {
    id: 'uuid',
    organization_id: 'uuid',
    template_id: 'uuid',
    version: 'int4',
    audience: 'jsonb',
    contacts: 'int4',
    state: 'text',
    problem: 'text',
    created_by: 'uuid',
    created_at: 'timestamptz',
    finished_at: 'timestamptz',
  },
  template_versions: {
    id: 'uuid',
    organization_id: 'uuid',
    template_id: 'uuid',
    version: 'int4',
    message_type: 'text',
    subject: 'text',
    body: 'text',
    body_html: 'text',
    content: 'jsonb',
    variables: 'text[]',
    content_hash: 'text',
    created_by: 'uuid',
    created_at: 'timestamptz',
    restored_from: 'int4',
  },
  templates: {
    id: 'uuid',
    organization_id: 'uuid',
    channel: 'text',
    name: 'text',
    description: 'text',
    current_version: 'int4',
    archived_at: 'timestamptz',
    created_by: 'uuid',
    created_at: 'timestamptz',
    updated_at: 'timestamptz',
  },
  worker_hosts: {
    id: 'text',
    organization_id: 'uuid',
    host: 'text',
    pid: 'int4',
    version: 'text',
    queues: 'jsonb',
    started_at: 'timestamptz',
    last_seen_at: 'timestamptz',
    stopped_at: 'timestamptz',
  },
} as const satisfies Readonly<Record<keyof Schema, Readonly<Record<string, string>>>>;
