import { activity } from './activity';
import { app } from './app';
import { campaigns } from './campaigns';
import { contacts } from './contacts';
import { imports } from './imports';
import { queues } from './queues';
import { settings } from './settings';
import { templates } from './templates';
import { workers } from './workers';

/** Everything a console can ask of its main process, over any wire. */
export const contract = { app, queues, workers, contacts, imports, templates, campaigns, activity, settings };
export type ConsoleContract = typeof contract;
