import type { Incident } from '@shared/contract/alerts';
import type { Notice } from '../notices/wording';

const number = (count: number, digits = 0): string =>
  count.toLocaleString('en-GB', { maximumFractionDigits: digits });

/** "16 min", "2 h": rounded down to what one says. */
const duration = (seconds: number): string => {
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  return seconds < 86_400 ? `${number(seconds / 3_600, 1)} h` : `${number(seconds / 86_400, 1)} days`;
};

const jobs = (count: number): string => (count === 1 ? 'A job' : `${number(count)} jobs`);

/** What is wrong, in one line. */
export const incidentTitle = ({ kind, subject, value, peak }: Incident): string => {
  const of = subject.type === 'queue' ? ` of ${subject.queue}` : '';
  const place = subject.type === 'queue' ? subject.queue : 'the queues';
  const reading = value ?? peak;
  switch (kind) {
    case 'failures':
      return `${jobs(reading)}${of} ${reading === 1 ? 'has' : 'have'} failed`;
    case 'failure-share':
      return `${number(reading)} % of the jobs${of} fail`;
    case 'failed-count':
      return `${number(reading)} failed jobs stand in ${place}`;
    case 'backlog':
      return `${number(reading)} jobs wait in ${place}`;
    case 'oldest-waiting':
      return `A job${of} has waited for ${duration(reading)}`;
    case 'no-workers':
      return `No worker takes the jobs${of}`;
    case 'engine-down':
      return 'The queue engine cannot be reached';
    case 'memory':
      return `The engine uses ${number(reading)} % of its memory`;
    case 'memory-size':
      return `The engine takes ${number(reading)} MB`;
    case 'campaign-stopped':
      return subject.type === 'campaign' ? `“${subject.name}” has stopped` : 'A campaign has stopped';
  }
};

/** Where a click leads. */
export const incidentAddress = ({ id }: Pick<Incident, 'id'>): string => `/alerts?id=${id}`;

/** An incident as a notification. */
export const incidentNotice = (incident: Incident): Notice => ({
  title: incidentTitle(incident),
  body: bodyOf(incident),
  to: incidentAddress(incident),
});

const bodyOf = ({ kind, value, detail, ruleName }: Incident): string => {
  if (kind === 'no-workers' && value !== null && value > 0)
    return `${jobs(value)} ${value === 1 ? 'waits' : 'wait'}. Start workers in Settings or on another machine.`;
  return detail ?? `Alert “${ruleName}”. Open it to see what to do.`;
};

/** Several that begin together are one notification. */
export const incidentsNotice = (incidents: readonly Incident[]): Notice => ({
  title: `${number(incidents.length)} alerts`,
  body: incidents.slice(0, 3).map(incidentTitle).join(' · '),
  to: '/alerts',
});

/** It is over, and how long it lasted. */
export const resolvedNotice = (incident: Incident, now: number): Notice => ({
  title: `Over: ${incident.ruleName}`,
  body: `It lasted ${duration(Math.max(0, (now - Date.parse(incident.beganAt)) / 1_000))}.`,
  to: incidentAddress(incident),
});
