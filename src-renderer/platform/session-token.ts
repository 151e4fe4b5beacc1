const KEY = 'adsapp.session-token';

/**
 * The token of a console that is served to a browser. It arrives once, as `?token=` of the address that
 * `serve` prints; from then on it is kept for this tab only and is gone from the address bar and the
 * history. Empty where there is none, as in the desktop window.
 */
export function sessionToken(
  location: Pick<Location, 'href'> = window.location,
  storage: Pick<Storage, 'getItem' | 'setItem'> = window.sessionStorage,
  history: Pick<History, 'replaceState'> = window.history,
): string {
  const url = new URL(location.href);
  const given = url.searchParams.get('token');
  if (given === null || given === '') return storage.getItem(KEY) ?? '';
  storage.setItem(KEY, given);
  url.searchParams.delete('token');
  history.replaceState(null, '', url.href);
  return given;
}
