import type { Sharp } from 'sharp';

/** What is made of an image that somebody put. All of it is drawn anew: nothing that was hidden in the file comes along. */
export interface MadeImages {
  readonly width: number;
  readonly height: number;
  readonly preview: Buffer;
  /** For everybody to see. */
  readonly asset?: Buffer;
}

/** An image with more points than this is not decoded: a few kilobytes can claim to be gigabytes of them. */
export const MAX_PIXELS = 50_000_000;
const PREVIEW_SIDE = 480;
const ASSET_SIDE = 2_048;
const SECONDS = 30;

/** That a file is no image that can be drawn, and will not be one the next time. */
export class UndrawableError extends Error {}

/**
 * The small images of a file. Points are counted before they are decoded; position, camera and whatever else cameras write down stay
 * behind, but for which side is up.
 */
export async function imagesOf(content: Buffer, isPublic: boolean): Promise<MadeImages> {
  // Loaded by who draws, and by nobody else: it brings a library of its own along.
  const { default: sharp } = await import('sharp');
  sharp.cache(false);
  sharp.concurrency(1);
  const draw = () => sharp(content, { limitInputPixels: MAX_PIXELS, failOn: 'error', sequentialRead: true });
  try {
    const { width, height, orientation = 1 } = await draw().metadata();
    if (width * height > MAX_PIXELS) throw new Error(`${width} x ${height} points are too many`);
    const isTurned = orientation >= 5;
    const asset = isPublic ? await webp(draw(), ASSET_SIDE, 85) : undefined;
    const preview = await webp(draw(), PREVIEW_SIDE, 75);
    return { width: isTurned ? height : width, height: isTurned ? width : height, preview, asset };
  } catch (error) {
    throw new UndrawableError((error as Error).message, { cause: error });
  }
}

const webp = (image: Sharp, side: number, quality: number): Promise<Buffer> =>
  image
    .rotate()
    .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
    .webp({ quality })
    .timeout({ seconds: SECONDS })
    .toBuffer();
