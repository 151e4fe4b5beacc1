import { Card } from '../card';
import { type Series, type SeriesPoint, TimeSeriesChart } from '../charts';

const MINUTE = 60_000;
const COUNT = 60;
const START = Math.floor(Date.now() / MINUTE) * MINUTE - COUNT * MINUTE;

const queues: readonly Series[] = [
  { id: 'bulk', label: 'bulk-messages', color: 1 },
  { id: 'import', label: 'contact-import', color: 2 },
  { id: 'template', label: 'template-processing', color: 3 },
  { id: 'email', label: 'email-notification', color: 4 },
];

const latency: readonly Series[] = [
  { id: 'p50', label: 'p50', color: 1 },
  { id: 'p95', label: 'p95', color: 2 },
  { id: 'p99', label: 'p99', color: 4 },
];

const wave = (i: number, base: number, swing: number): number =>
  Math.max(0, base + swing * Math.sin(i / 6) + (swing / 3) * Math.sin(i * 1.9));

function points(values: (i: number) => Record<string, number>): readonly SeriesPoint[] {
  return Array.from({ length: COUNT }, (_, i) => ({
    at: START + i * MINUTE,
    values: i > 33 && i < 39 ? {} : values(i),
  }));
}

const flow = points((i) => ({
  bulk: wave(i, 12, 3),
  import: wave(i + 9, 4, 3),
  template: wave(i + 4, 2, 2),
  email: wave(i + 20, 6, 2),
}));
const waits = points((i) => ({ p50: wave(i, 240, 60), p95: wave(i, 900, 200), p99: wave(i, 2400, 700) }));
const counts = points((i) => ({
  completed: Math.round(wave(i, 700, 120)),
  failed: Math.round(wave(i, 14, 14)),
}));

export function ChartsGallery() {
  return (
    <div className="grid gap-4 xl:grid-cols-2">
      <Card title="Throughput" hint="Jobs finished per second">
        <TimeSeriesChart
          label="Throughput by queue"
          series={queues}
          data={flow}
          kind="stacked"
          unit="rate"
          syncId="gallery"
        />
      </Card>
      <Card title="Wait time">
        <TimeSeriesChart
          label="Wait time"
          series={latency}
          data={waits}
          kind="line"
          unit="ms"
          syncId="gallery"
        />
      </Card>
      <Card title="Finished per minute">
        <TimeSeriesChart
          label="Finished jobs per minute"
          series={[
            { id: 'completed', label: 'Completed', color: 'success' },
            { id: 'failed', label: 'Failed', color: 'danger' },
          ]}
          data={counts}
          kind="bars"
          syncId="gallery"
        />
      </Card>
      <Card title="Backlog">
        <TimeSeriesChart
          label="Backlog"
          series={[{ id: 'bulk', label: 'bulk-messages', color: 1 }]}
          data={flow}
          kind="area"
          syncId="gallery"
        />
      </Card>
    </div>
  );
}
