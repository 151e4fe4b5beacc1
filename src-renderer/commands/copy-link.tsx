import type { ConsoleTarget } from '@shared/domain/console-link';
import { IconButton } from '@renderer/ui/button';
import { useCommandTexts } from './texts';
import { useCommands } from './use-commands';
import { useCopyLink } from './use-copy-link';

/** A button that copies the link to what is open, with the key and the command for it. */
export function CopyLink({ target }: { readonly target: ConsoleTarget }) {
  const t = useCommandTexts();
  const { icon, copy } = useCopyLink();
  const run = (): void => copy(target);
  useCommands([
    { id: `open.copy-link.${target.kind}`, title: t('copyOpen'), section: 'page', icon, shortcut: 'y', run },
  ]);
  return <IconButton icon={icon} size="sm" label={t('copyOpen')} onClick={run} />;
}
