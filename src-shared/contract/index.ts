import { activity } from './activity';
import { alerts } from './alerts';
import { app } from './app';
import { audiences } from './audiences';
import { campaigns } from './campaigns';
import { charts } from './charts';
import { contacts } from './contacts';
import { emails } from './emails';
import { failures } from './failures';
import { find } from './find';
import { health } from './health';
import { imports } from './imports';
import { jobSchedulers } from './job-schedulers';
import { operations } from './operations';
import { queues } from './queues';
import { schedules } from './schedules';
import { searches } from './searches';
import { senders } from './senders';
import { settings } from './settings';
import { templateRuns } from './template-runs';
import { templates } from './templates';
import { workers } from './workers';

/** Everything a console can ask of its main process, over any wire. */
export const contract = {
  app,
  find,
  queues,
  charts,
  failures,
  operations,
  jobSchedulers,
  searches,
  health,
  alerts,
  workers,
  contacts,
  imports,
  templates,
  templateRuns,
  audiences,
  campaigns,
  emails,
  senders,
  schedules,
  activity,
  settings,
};
export type ConsoleContract = typeof contract;
