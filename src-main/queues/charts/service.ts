import type { z } from 'zod';
import type { ChartSeries, ChartWanted, ChartWindow, NameCount } from '@shared/contract/charts';
import type { Download } from '@shared/contract/common';
import type { QueueName } from '@shared/domain/queues';
import type { Engine } from '../../engine/engine';
import type { FileExchange } from '../../files/exchange';
import { offerTable } from '../../files/table-file';
import type { MetricsRecorder } from '../metrics-recorder';
import { NAMES_SIZE } from '../name-rings';
import type { NameTotal, QueueMetricsRepository } from '../repository';
import { chartRows } from './csv';
import { readSeries } from './series';
import { isKeptStep, stepsOf, type Steps } from './steps';
import { waitingByName, type WaitingByName } from './waiting';

export interface ChartsDependencies {
  readonly recorder: Pick<
    MetricsRecorder,
    'measure' | 'gauges' | 'queues' | 'names' | 'unsavedFrom' | 'watched'
  >;
  readonly repository: Pick<QueueMetricsRepository, 'steps' | 'names'>;
  readonly engine: Pick<Engine, 'selection' | 'queue'>;
  readonly organizationId: string;
  readonly files: FileExchange;
  readonly now?: () => number;
}

export interface NamesFound {
  readonly names: z.infer<typeof NameCount>[];
  readonly nameless: number;
}

/** The fifty names of a queue, those beyond, and some of the days before. */
const MOST_NAMES = 60;

/** Charts of the queues over time, from memory and from what is kept of 90 days. */
export class ChartsService {
  private readonly parts: ChartsDependencies & { readonly now: () => number };

  constructor(deps: ChartsDependencies) {
    this.parts = { ...deps, now: deps.now ?? Date.now };
  }

  /** @throws AppFailure (`invalid_input`) for a time that is too short or not kept any more. */
  series(wanted: ChartWanted): Promise<ChartSeries> {
    return readSeries(this.parts, wanted);
  }

  /** The names of the jobs that ended or waited in that time, the most frequent first. */
  async names(queue: QueueName | undefined, window: ChartWindow): Promise<NamesFound> {
    const { repository, recorder, organizationId, now } = this.parts;
    // By minutes at least, whatever the charts are drawn in: those are what is kept.
    const steps = stepsOf({ window, isNamed: false, isKept: true }, now());
    const { start, end, stepSeconds } = steps;
    if (!isKeptStep(stepSeconds)) throw new Error(`Steps of ${stepSeconds} s are not kept.`);
    const range = { from: new Date(start * 1_000), to: new Date(end * 1_000), stepSeconds, queue };
    const kept = await repository.names(organizationId, range, MOST_NAMES);
    const recent = queue === undefined ? recorder.queues() : [queue];
    const names = new Map(kept.names.map((total) => [total.name, total]));
    let { ended, named } = kept;
    const unsaved = unsavedOf(steps, recorder.unsavedFrom(), now());
    if (unsaved !== null) {
      const [from, to] = unsaved;
      for (const each of recent) {
        const whole = recorder.measure(each, from, to);
        ended += whole.completed + whole.failed;
        for (const name of recorder.names(each)) {
          const { completed, failed } = recorder.measure(each, from, to, name);
          if (completed + failed === 0) continue;
          named += completed + failed;
          names.set(name, sum(names.get(name), { name, completed, failed }));
        }
      }
    }
    const sorted = [...names.values()].sort(
      (a, b) => b.completed + b.failed - (a.completed + a.failed) || a.name.localeCompare(b.name),
    );
    return { names: sorted.slice(0, MOST_NAMES), nameless: Math.max(0, ended - named) };
  }

  /** What waits in a queue now, by the names of the jobs. */
  waiting(queue: QueueName, signal?: AbortSignal): Promise<WaitingByName> {
    const { engine, recorder, now } = this.parts;
    const isPaused = async (name: QueueName): Promise<boolean> =>
      (await engine.queue(name).counts()).paused > 0;
    return waitingByName({ selection: engine.selection, recorder, isPaused, now }, queue, signal);
  }

  /** What is drawn, as a CSV file. */
  async export(wanted: ChartWanted): Promise<Download> {
    const series = await this.series(wanted);
    const queue = wanted.queue ?? '';
    const name = wanted.name ?? '';
    const stamp = series.from.slice(0, 16).replace('T', ' ').replace(':', '.');
    const subject = [queue === '' ? 'all queues' : queue, name].filter((part) => part !== '').join(' ');
    return offerTable(
      this.parts.files,
      {
        name: `${subject} from ${stamp}`,
        sheet: 'Chart',
        widths: [],
        rows: chartRows({ queue, name, series }),
      },
      'csv',
    );
  }
}

/** What of a window only memory has, in seconds since 1970; names reach back half an hour. */
const unsavedOf = ({ start, end }: Steps, unsavedFrom: number, nowMs: number): [number, number] | null => {
  const now = Math.floor(nowMs / 1_000);
  const from = Math.max(start, unsavedFrom, now - NAMES_SIZE.seconds);
  const to = Math.min(end, now + 1);
  return from < to ? [from, to] : null;
};

const sum = (a: NameTotal | undefined, b: NameTotal): NameTotal => ({
  name: b.name,
  completed: (a?.completed ?? 0) + b.completed,
  failed: (a?.failed ?? 0) + b.failed,
});
