import type { Download } from '@shared/contract/common';

/** Hands an offered file to the browser's own download, or to Electron's. */
export function saveDownload({ url, fileName }: Download): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
}
