import { checkDependencies } from './check-dependencies';

/** The dependency rules as a command: fails on a violation, and on sources that were not read. */
const { violations, filesRead, unread } = checkDependencies();
for (const violation of violations) console.error(violation);
for (const file of unread) console.error(`not read: ${file}`);
console.log(`${filesRead} files read, ${violations.length} violations`);
process.exitCode = violations.length === 0 && unread.length === 0 && filesRead > 0 ? 0 : 1;
