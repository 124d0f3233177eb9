import { type Connection, requestPersistently } from './persistent-request';

interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresIn: number;
}

export interface Credentials {
  readonly email: string;
  readonly password: string;
}

// A wrong address should be told in seconds; once the import runs, an API that is away is waited for.
const firstSignInTries = 5;

/** Keeps a valid access token at hand for as long as an import takes. */
export class ApiSession {
  #tokens: Tokens | undefined;
  #renewAt = 0;

  constructor(
    private readonly connection: Connection,
    private readonly credentials: Credentials,
  ) {}

  /** The access token, renewed when the better part of its time is over. */
  async token(): Promise<string> {
    if (!this.#tokens) return this.#keep(await this.#signIn(firstSignInTries));
    if (Date.now() < this.#renewAt) return this.#tokens.accessToken;
    return this.#keep(await this.#refresh(this.#tokens.refreshToken));
  }

  /** A new token by password, for when the API no longer takes the one at hand. */
  async tokenAnew(): Promise<string> {
    return this.#keep(await this.#signIn());
  }

  /**
   * Tried once only: a refresh token that is sent again after its answer was lost looks stolen and ends the session. The password
   * always works.
   */
  async #refresh(refreshToken: string): Promise<Tokens> {
    try {
      const request = { method: 'POST', path: '/v1/auth/refresh', body: { refreshToken } } as const;
      return await requestPersistently<Tokens>(this.connection, request, 1);
    } catch (error) {
      if (this.connection.signal.aborted) throw error;
      return this.#signIn();
    }
  }

  #signIn(tries?: number): Promise<Tokens> {
    const request = { method: 'POST', path: '/v1/auth/login', body: this.credentials } as const;
    return requestPersistently<Tokens>(this.connection, request, tries);
  }

  #keep(tokens: Tokens): string {
    this.#tokens = tokens;
    this.#renewAt = Date.now() + tokens.expiresIn * 700;
    return tokens.accessToken;
  }
}
