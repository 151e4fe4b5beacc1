-- Per-minute samples of the queues, and the worker hosts that announce themselves.

CREATE TABLE queue_metrics (
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  queue_name TEXT NOT NULL,
  -- Empty for samples of the whole queue (backlog), else the job's name.
  job_name TEXT NOT NULL DEFAULT '',
  minute TIMESTAMPTZ NOT NULL,
  completed INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  -- Counts per bucket; histograms of several minutes or workers add up, percentiles do not.
  wait_histogram INTEGER[] NOT NULL DEFAULT '{}',
  run_histogram INTEGER[] NOT NULL DEFAULT '{}',
  wait_ms_total BIGINT NOT NULL DEFAULT 0,
  run_ms_total BIGINT NOT NULL DEFAULT 0,
  wait_ms_max INTEGER NOT NULL DEFAULT 0,
  run_ms_max INTEGER NOT NULL DEFAULT 0,
  backlog INTEGER,
  active INTEGER,
  delayed INTEGER,
  PRIMARY KEY (organization_id, queue_name, job_name, minute)
);

CREATE INDEX queue_metrics_minute_idx ON queue_metrics (minute);

-- BullMQ cannot list workers on PostgreSQL and on a managed Redis without CLIENT LIST: they report here.
CREATE TABLE worker_hosts (
  id TEXT PRIMARY KEY,
  organization_id UUID REFERENCES organizations (id) ON DELETE CASCADE,
  host TEXT NOT NULL,
  pid INTEGER NOT NULL,
  version TEXT,
  -- [{"queue": …, "running": …, "concurrency": …, "currentJobs": [ids]}].
  queues JSONB NOT NULL DEFAULT '[]',
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  last_seen_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  stopped_at TIMESTAMPTZ
);

CREATE INDEX worker_hosts_seen_idx ON worker_hosts (last_seen_at);
