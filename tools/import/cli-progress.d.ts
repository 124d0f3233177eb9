// The package ships no types; this is the part of it that the import uses.
declare module 'cli-progress' {
  export interface BarOptions {
    format?: string;
    stream?: NodeJS.WritableStream;
    barsize?: number;
    gracefulExit?: boolean;
    forceRedraw?: boolean;
    linewrap?: boolean | null;
  }

  export class SingleBar {
    constructor(options: BarOptions, preset?: unknown);
    start(total: number, startValue: number, payload?: Record<string, unknown>): void;
    update(value: number, payload?: Record<string, unknown>): void;
    stop(): void;
  }

  export const Presets: { readonly shades_classic: unknown };
}
