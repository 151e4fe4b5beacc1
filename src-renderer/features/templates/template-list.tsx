import type { Template } from '@shared/contract/templates';
import { Badge, Card, cx, RelativeTime } from '@renderer/ui';
import { useTemplatesText } from './texts';

interface TemplateListProps {
  readonly templates: readonly Template[];
  readonly openId: string | undefined;
  readonly onOpen: (id: Template['id']) => void;
}

/** The saved templates; one press opens one in the editor. */
export function TemplateList({ templates, openId, onOpen }: TemplateListProps) {
  const t = useTemplatesText();
  return (
    <Card title={t('list')} padding="none">
      <ul className="divide-y divide-line">
        {templates.map((template) => (
          <li key={template.id}>
            <button
              type="button"
              aria-current={template.id === openId || undefined}
              onClick={() => onOpen(template.id)}
              className={cx(
                'flex w-full flex-col gap-1 px-4 py-2.5 text-left hover:bg-hover',
                template.id === openId && 'bg-selected',
              )}
            >
              <span className="flex w-full items-center gap-2">
                <span className="min-w-0 flex-1 truncate text-sm font-medium">{template.name}</span>
                <Badge>{t(template.channel)}</Badge>
              </span>
              <span className="w-full truncate text-xs text-ink-2">{template.body}</span>
              <span className="text-xs text-ink-3">
                {t('version', { version: template.version })} ·{' '}
                <RelativeTime at={Date.parse(template.updatedAt)} />
              </span>
            </button>
          </li>
        ))}
      </ul>
    </Card>
  );
}
