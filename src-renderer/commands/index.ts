export { type Command, COMMAND_SECTIONS, commandRegistry, type CommandSection } from './registry';
export { useAllCommands, useCommands } from './use-commands';
export { type RowCommand, type RowCommands, useRowCommands } from './use-row-commands';
export { CopyLink } from './copy-link';
export { useCopyLink } from './use-copy-link';
