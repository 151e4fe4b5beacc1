import { version } from '../package.json';

/** The version of the console, as package.json has it. */
export const VERSION: string = version;
