/** A place in what an organization tells. Versions of different epochs do not compare: between them lies a restore or a move. */
export interface Position {
  readonly epoch: number;
  readonly version: number;
}

/** A position as clients get it and give it back. */
export const formatPosition = (epoch: number, version: number): string => `${epoch}.${version}`;

/** How a position is written. */
export const POSITION = /^(\d{1,9})\.(\d{1,15})$/;

/** The position that a client gives; undefined if it is none of ours. */
export function parsePosition(text: string): Position | undefined {
  const match = POSITION.exec(text);
  return match ? { epoch: Number(match[1]), version: Number(match[2]) } : undefined;
}
