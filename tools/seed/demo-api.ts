interface Asked {
  readonly body?: unknown;
  readonly accessToken?: string;
  /** Sent as Idempotency-Key. */
  readonly key?: string;
}

/** The API as the seed uses it. */
export class DemoApi {
  constructor(private readonly url: string) {}

  async send<T>(
    method: string,
    path: string,
    { body, accessToken, key }: Asked = {},
  ): Promise<{ status: number; body: T }> {
    const response = await fetch(new URL(path, this.url), {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(accessToken && { authorization: `Bearer ${accessToken}` }),
        ...(key && { 'idempotency-key': key }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, body: (text ? JSON.parse(text) : undefined) as T };
  }

  /** The same where only success will do. */
  async must<T>(method: string, path: string, asked?: Asked): Promise<T> {
    const { status, body } = await this.send<T>(method, path, asked);
    if (status >= 300) throw new Error(`${method} ${path} answered ${status}: ${JSON.stringify(body)}`);
    return body;
  }
}
