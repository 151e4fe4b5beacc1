import { Download } from 'lucide-react';
import type { AnalyticsPart } from '@shared/contract/activity';
import { TableFormat } from '@shared/contract/common';
import { IconButton, Menu } from '@renderer/ui';
import { useActivityText } from './texts';

interface ExportMenuProps {
  readonly part: AnalyticsPart;
  readonly onExport: (part: AnalyticsPart, format: TableFormat) => Promise<void>;
}

/** One table of the figures as a file. */
export function ExportMenu({ part, onExport }: ExportMenuProps) {
  const t = useActivityText();
  return (
    <Menu
      align="end"
      groups={[
        TableFormat.options.map((format) => ({
          id: format,
          label: t(`exports.${format}`),
          onSelect: () => void onExport(part, format),
        })),
      ]}
    >
      <IconButton icon={Download} size="sm" label={t('export', { table: t(part) })} />
    </Menu>
  );
}
