import type { ReactNode } from 'react';
import { CopyButton } from './copy-button';

interface FramedBlockProps {
  label: string;
  labelHidden: boolean;
  copy: string | (() => string);
  children: ReactNode;
}

/** The frame of machine text: a name, a way to copy all of it, the text. */
export function FramedBlock({ label, labelHidden, copy, children }: FramedBlockProps) {
  return (
    <figure className="relative min-w-0 overflow-hidden rounded-md border border-line bg-sunken">
      {labelHidden ? (
        <>
          <figcaption className="sr-only">{label}</figcaption>
          <div className="absolute top-1 right-1 z-10 rounded-sm bg-sunken">
            <CopyButton text={copy} />
          </div>
        </>
      ) : (
        <div className="flex h-8 items-center justify-between border-b border-line pr-1 pl-3">
          <figcaption className="text-xs font-medium text-ink-2">{label}</figcaption>
          <CopyButton text={copy} />
        </div>
      )}
      {children}
    </figure>
  );
}
