import type { TableFormat } from '@shared/contract/common';
import type { QueueName } from '@shared/domain/queues';
import { client } from '@renderer/platform/client';
import { saveDownload } from '@renderer/platform/save-download';
import { showToast } from '@renderer/ui';

/** Hands the failed jobs of a cause out as a spreadsheet. */
export function useExport(queue: QueueName | undefined) {
  return async (format: TableFormat, cause: string): Promise<void> => {
    const result = await client.failures.export({ cause, format, ...(queue && { queue }) });
    if (result.ok) saveDownload(result.value);
    else showToast({ title: result.error.message, description: result.error.action, tone: 'danger' });
  };
}
