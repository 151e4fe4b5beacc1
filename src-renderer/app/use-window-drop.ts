import { useEffect, useRef, useState } from 'react';
import { carriesFiles, type GivenFile, resolveFile } from '@renderer/platform/files';

/**
 * Makes the whole window a place to drop files. Returns true while files hover over it. Without a
 * receiver a drop is still refused here, or the window would navigate to the file.
 */
export function useWindowDrop(onFiles: ((files: readonly GivenFile[]) => void) | undefined): boolean {
  const [over, setOver] = useState(false);
  const receiver = useRef(onFiles);
  useEffect(() => {
    receiver.current = onFiles;
  });

  useEffect(() => {
    // Every element entered is also left; only when the count is back at zero has the drag gone.
    let depth = 0;
    const onEnter = (event: DragEvent): void => {
      if (!carriesFiles(event.dataTransfer)) return;
      depth += 1;
      setOver(receiver.current !== undefined);
    };
    const onLeave = (event: DragEvent): void => {
      if (!carriesFiles(event.dataTransfer)) return;
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    const onOver = (event: DragEvent): void => {
      if (!carriesFiles(event.dataTransfer) || !event.dataTransfer) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = receiver.current ? 'copy' : 'none';
    };
    const onDrop = (event: DragEvent): void => {
      depth = 0;
      setOver(false);
      if (!carriesFiles(event.dataTransfer)) return;
      event.preventDefault();
      const files = Array.from(event.dataTransfer?.files ?? []);
      if (files.length > 0) receiver.current?.(files.map(resolveFile));
    };
    window.addEventListener('dragenter', onEnter);
    window.addEventListener('dragleave', onLeave);
    window.addEventListener('dragover', onOver);
    window.addEventListener('drop', onDrop);
    return () => {
      window.removeEventListener('dragenter', onEnter);
      window.removeEventListener('dragleave', onLeave);
      window.removeEventListener('dragover', onOver);
      window.removeEventListener('drop', onDrop);
    };
  }, []);

  return over;
}
