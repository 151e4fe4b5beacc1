import { Link2, type LucideIcon } from 'lucide-react';
import { type ConsoleTarget, linkTo } from '@shared/domain/console-link';
import { showToast } from '@renderer/ui/toast';
import { useCommandTexts } from './texts';
import type { RowCommand } from './use-row-commands';

interface CopyLink {
  readonly label: string;
  readonly icon: LucideIcon;
  /** Puts the link on the clipboard and says so. */
  readonly copy: (target: ConsoleTarget) => void;
  /** The same as a command of a list's rows; its id is `<prefix>.copy-link`. */
  readonly rowCommand: <T>(prefix: string, target: (row: T) => ConsoleTarget) => RowCommand<T>;
}

/** Links to what is shown, for a chat or a ticket: `adsapp://job?…`. */
export function useCopyLink(): CopyLink {
  const t = useCommandTexts();
  const copy = (target: ConsoleTarget): void => {
    navigator.clipboard.writeText(linkTo(target)).then(
      () => showToast({ title: t('linkCopied'), tone: 'success' }),
      () => showToast({ title: t('linkNotCopied'), description: linkTo(target), tone: 'danger' }),
    );
  };
  return {
    label: t('copyLink'),
    icon: Link2,
    copy,
    rowCommand: (prefix, target) => ({
      id: `${prefix}.copy-link`,
      title: t('copyLink'),
      icon: Link2,
      shortcut: 'y',
      group: 0,
      run: (row) => copy(target(row)),
    }),
  };
}
