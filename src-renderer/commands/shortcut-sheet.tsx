import { Dialog } from '@renderer/ui/dialog';
import { KeyHint } from '@renderer/ui/key-hint';
import { COMMAND_SECTIONS, commandRegistry } from './registry';
import { useCommandTexts } from './texts';
import { useAllCommands } from './use-commands';

interface SheetProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** All keys that work on this screen, from the registry itself. */
export function ShortcutSheet({ open, onOpenChange }: SheetProps) {
  const t = useCommandTexts();
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={t('sheet')}
      description={t('sheetHint')}
      width="lg"
    >
      <SheetBody />
    </Dialog>
  );
}

function SheetBody() {
  const t = useCommandTexts();
  useAllCommands();
  const commands = commandRegistry.available().filter((command) => command.shortcut !== undefined);
  const tableKeys = [
    [t('tableMove'), 'j k'],
    [t('tablePage'), 'PageUp PageDown'],
    [t('tableEnds'), 'Home End'],
    [t('tableOpen'), 'Enter'],
    [t('tableSelect'), 'x'],
    [t('tableRange'), 'Shift+ArrowDown'],
    [t('tableMenu'), 'Shift+F10'],
  ] as const;
  return (
    <div className="columns-2 gap-8">
      {COMMAND_SECTIONS.map((section) => {
        const own = commands.filter((command) => command.section === section);
        return (
          own.length > 0 && (
            <KeyGroup
              key={section}
              title={t(`section.${section}`)}
              rows={own.map((command) => [command.title, command.shortcut ?? ''] as const)}
            />
          )
        );
      })}
      <KeyGroup title={t('table')} rows={tableKeys} />
    </div>
  );
}

function KeyGroup({ title, rows }: { title: string; rows: readonly (readonly [string, string])[] }) {
  return (
    <section className="mb-5 break-inside-avoid">
      <h3 className="mb-1 text-xs font-semibold text-ink-2">{title}</h3>
      <dl>
        {rows.map(([name, keys]) => (
          <div
            key={name}
            className="flex min-h-7 items-center justify-between gap-4 border-b border-line text-sm"
          >
            <dt className="truncate">{name}</dt>
            <dd>
              <KeyHint keys={keys} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
