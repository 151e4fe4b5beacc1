export { type Command, COMMAND_SECTIONS, commandRegistry, type CommandSection } from './registry';
export { useAllCommands, useCommands } from './use-commands';
