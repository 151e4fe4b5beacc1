import { useState } from 'react';
import { quietCss, quietHtml } from './quiet-html';

interface HtmlPreviewProps {
  html: string;
  /** Names the frame for assistive technology. */
  title: string;
  /** Pixels; what is longer scrolls inside. */
  maxHeight?: number | undefined;
}

const MIN_HEIGHT = 72;

/**
 * HTML that somebody else wrote, shown and nothing more: the frame runs no script, sends no form, opens no window
 * and, under the policy that it inherits, loads nothing. That policy also refuses styles written into a page; they
 * are put in through the object model, which it does not govern.
 */
export function HtmlPreview({ html, title, maxHeight = 480 }: HtmlPreviewProps) {
  const [height, setHeight] = useState(MIN_HEIGHT);
  return (
    <iframe
      // Same origin only so that the styles can be put in: without `allow-scripts` nothing inside can use it.
      sandbox="allow-same-origin"
      srcDoc={quietHtml(html)}
      title={title}
      onLoad={(event) => setHeight(showStyles(event.currentTarget))}
      className="w-full rounded-sm border border-line"
      // Paper is white in either theme: whoever wrote the HTML had nothing else in mind.
      style={{ height: Math.min(height, maxHeight), colorScheme: 'light', backgroundColor: 'Canvas' }}
    />
  );
}

/** Puts styles and pictures in and answers with the height of the content. */
function showStyles(frame: HTMLIFrameElement): number {
  const inner = frame.contentDocument;
  const realm = frame.contentWindow as (Window & typeof globalThis) | null;
  if (inner === null || realm === null) return MIN_HEIGHT;
  const sheets = inner.querySelectorAll<HTMLTemplateElement>('template[data-sheet]');
  inner.adoptedStyleSheets = Array.from(sheets, ({ content }) => {
    const sheet = new realm.CSSStyleSheet();
    sheet.replaceSync(content.textContent);
    return sheet;
  });
  for (const element of inner.querySelectorAll<HTMLElement>('[data-style]'))
    element.style.cssText = quietCss(element.dataset['style'] ?? '');
  for (const picture of inner.querySelectorAll<HTMLImageElement>('img[data-src^="data:image/"]'))
    picture.src = picture.dataset['src'] ?? '';
  return Math.max(MIN_HEIGHT, inner.documentElement.scrollHeight + 2);
}
