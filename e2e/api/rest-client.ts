import type { LaunchedServe } from '../fixtures/serve';

/** An answer of the REST API as a script sees it. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The parsed JSON body. */
  readonly body: Record<string, unknown>;
}

/** Asks the REST API of a running `serve`, with its token unless another one is given. */
export const restClient = (serve: LaunchedServe) => {
  const ask = async (
    path: string,
    init: RequestInit = {},
    token: string | null = serve.token,
  ): Promise<Answer> => {
    const headers = new Headers(init.headers);
    if (token !== null) headers.set('Authorization', `Bearer ${token}`);
    const response = await fetch(`${serve.url}${path}`, { ...init, headers });
    const text = await response.text();
    const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
    return { status: response.status, headers: response.headers, body };
  };
  const post = (path: string, value: unknown): Promise<Answer> =>
    ask(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(value),
    });
  const upload = (
    fileName: string,
    content: string | Uint8Array<ArrayBuffer>,
    fields: Readonly<Record<string, string>> = {},
  ): Promise<Answer> => {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    form.set('file', new Blob([content]), fileName);
    return ask('/api/imports', { method: 'POST', body: form });
  };
  const download = async (path: string): Promise<Uint8Array> => {
    const response = await fetch(`${serve.url}${path}`, {
      headers: { Authorization: `Bearer ${serve.token}` },
    });
    return new Uint8Array(await response.arrayBuffer());
  };
  return { ask, post, upload, download };
};
export type RestClient = ReturnType<typeof restClient>;
