import { api } from './api';
import type { Bench } from './bench';
import { burst } from './burst';
import { clean } from './clean';
import { groups } from './groups';
import { contactImport } from './import';
import { overview } from './overview';
import { pace } from './pace';
import { retry } from './retry';
import { review } from './review';
import { scale } from './scale';
import { search } from './search';
import { send } from './send';
import { startup } from './startup';
import { templates } from './templates';

/** Every benchmark by the name it is called with. */
export const benches: ReadonlyMap<string, Bench> = new Map([
  ['startup', startup],
  ['import', contactImport],
  ['review', review],
  ['templates', templates],
  ['pace', pace],
  ['send', send],
  ['scale', scale],
  ['api', api],
  ['search', search],
  ['overview', overview],
  ['retry', retry],
  ['groups', groups],
  ['clean', clean],
  ['burst', burst],
]);
