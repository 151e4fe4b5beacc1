/** The name of an upload. It travels in a header, percent-encoded, because the body is the file itself. */
export function uploadNameOf(header: string | null | undefined): string {
  if (header === null || header === undefined || header === '') return 'upload';
  try {
    return decodeURIComponent(header);
  } catch {
    // A name with a broken escape is still a name.
    return header;
  }
}
